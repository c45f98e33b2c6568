"""The commands of `bezant`: arguments in, a call, text out. What they do lives elsewhere."""
