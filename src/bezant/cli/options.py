"""Options that several commands share, so that they are spelled and explained alike."""

from pathlib import Path
from typing import Annotated

import typer

DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Where this exchange keeps everything (default: BEZANT_DATA_DIR or ./.bezant).",
        show_default=False,
    ),
]
JSONOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs to read.")]
