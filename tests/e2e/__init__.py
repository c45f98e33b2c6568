"""Tests that start the whole exchange as a user does."""
