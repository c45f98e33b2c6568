"""Benchmarks: each prints a rate or a ratio with its conditions; none asserts a time."""
