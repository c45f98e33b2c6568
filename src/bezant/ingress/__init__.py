"""The only door in: the bounded inbox, its socket server and its client."""
