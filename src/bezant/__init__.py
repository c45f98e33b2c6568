"""Bezant: a complete, open, centralized crypto exchange."""
