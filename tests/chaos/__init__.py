"""Tests that kill the parts of a running exchange and look for what is lost."""
