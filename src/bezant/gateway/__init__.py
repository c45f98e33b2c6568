"""The gate: protocols, authentication, limits, decimal strings to integers and back.

It decides nothing about trading; whatever the core refuses, it explains.
"""
