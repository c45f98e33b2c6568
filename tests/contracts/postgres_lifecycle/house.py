"""A house with PostgreSQL and no other role, as a program: `house.py DATA_DIR PORT`."""

import sys
from pathlib import Path

from bezant.apps.supervisor import run_house
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError

try:
    run_house(Settings.load(data_dir=Path(sys.argv[1]), port=int(sys.argv[2])), ())
except OperatorError as error:
    print(f"bezant: {error}", file=sys.stderr)
    raise SystemExit(1) from None
