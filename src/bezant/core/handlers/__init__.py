"""One module per family of commands: each decides first, then does."""
