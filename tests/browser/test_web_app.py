"""The web app in Debian's Chromium: its own browser tests, which start an exchange themselves.

They are written in TypeScript beside the app (`web/e2e`); this runs them with the rest.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
TIMEOUT_S = 900


def _missing() -> str | None:
    """Return what this machine lacks for the test, or None."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    if not (WEB / "node_modules").is_dir():
        return "the web app's packages are not installed: run `make web`"
    if not (WEB / "dist" / "index.html").is_file():
        return "the web app is not built: run `make web`"
    names = ("chromium", "chromium-browser")
    if "BEZANT_CHROMIUM" not in os.environ and not any(map(shutil.which, names)):
        return "there is no chromium: apt-get install chromium, or set BEZANT_CHROMIUM"
    return None


@pytest.mark.slow
@pytest.mark.timeout(TIMEOUT_S + 30)
def test_the_web_app_in_a_browser() -> None:
    """Log in, place an order by mouse, see it, cancel it; and the faults of the line."""
    if (reason := _missing()) is not None:
        pytest.skip(reason)
    done = subprocess.run(
        ["npm", "run", "--silent", "e2e"],
        cwd=WEB,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
