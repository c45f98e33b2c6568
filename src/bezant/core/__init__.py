"""The law: a pure function of one ordered log, in plain Python (the normative specification)."""
