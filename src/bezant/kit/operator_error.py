"""The error that a person at a terminal can act on. Not for clients of the API.

The command line prints its text without a traceback and ends with status 1, so the text names
the thing, the rule and the way out.
"""


class OperatorError(Exception):
    """Something outside the program is not as it must be; the text says what to do."""
