"""`python -m bezant` is `bezant`."""

from bezant.cli.main import app

app(prog_name="bezant")
