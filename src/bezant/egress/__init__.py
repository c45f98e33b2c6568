"""The only door out: the ordered feed of committed events, its server and its client."""
