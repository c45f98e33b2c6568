"""Workers: what is due in the database becomes a command to the core."""
