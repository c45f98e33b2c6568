"""Composition roots: one file per role, each reads like a drawing."""
