"""The law without a server: commands and events as JSON with LAW's names, and vectors."""
