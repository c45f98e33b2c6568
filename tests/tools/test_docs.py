"""The documentation is true: named files exist, codes are those of the code, the site is whole."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.findings import ROOT
from tools.site_nav import build_nav

DOCS = ROOT / "docs"
NAMED_PATH = re.compile(r"`((?:src|tests|tools|web|docs|benches)/[\w./-]+)`")
PAGES_THAT_NAME_FILES = (
    "explanation/journey.md",
    "reference/house-tools.md",
    "architecture.md",
    "style.md",
)
FETCHED = re.compile(
    r"""(?:<script[^>]*\ssrc|<link[^>]*\shref|<img[^>]*\ssrc)=["']?(https?:[^"' >]+)"""
)


@pytest.mark.parametrize("page", PAGES_THAT_NAME_FILES)
def test_files_that_a_page_names_exist(page: str) -> None:
    named = NAMED_PATH.findall((DOCS / page).read_text(encoding="utf-8"))
    missing = [path for path in named if not (ROOT / path).exists()]
    assert named
    assert not missing, f"docs/{page} names what is not there: {missing}"


def test_the_journey_visits_every_station() -> None:
    text = (DOCS / "explanation" / "journey.md").read_text(encoding="utf-8")
    rooms = {path.split("/")[2] for path in NAMED_PATH.findall(text) if path.startswith("src/")}
    stations = {"gateway", "ingress", "sequencer", "core", "journal", "egress", "projections"}
    assert stations <= rooms


def test_the_contents_list_each_page_once_front_page_first(tmp_path: Path) -> None:
    for page in ("index.md", "style.md", "adr/0001-x.md", "adr/README.md", "how-to/b.md"):
        (tmp_path / page).parent.mkdir(exist_ok=True)
        (tmp_path / page).write_text("# x\n", encoding="utf-8")
    assert build_nav(tmp_path) == [
        {"Start": "index.md"},
        {"How-to": ["how-to/b.md"]},
        {"Decisions": ["adr/README.md", "adr/0001-x.md"]},
        {"House": ["style.md"]},
    ]


def test_the_site_builds_and_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) > 10
    outside = {
        address for page in pages for address in FETCHED.findall(page.read_text(encoding="utf-8"))
    }
    assert outside == set()
