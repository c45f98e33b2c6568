"""The documentation's table of contents, made from its folders: a hook of mkdocs.

Every page of a known folder is listed, so a new page needs no second edit; a page in no known
folder is an error of the build (`omitted_files: warn` with `--strict`).
"""

from collections.abc import MutableMapping
from pathlib import Path

SECTIONS = (
    ("Tutorial", "tutorial"),
    ("How-to", "how-to"),
    ("Explanation", "explanation"),
    ("Reference", "reference"),
    ("Decisions", "adr"),
)
HOUSE = ("architecture.md", "style.md")


def build_nav(docs: Path) -> list[object]:
    """Return the contents in mkdocs' form: the start page, the sections, the house."""
    nav: list[object] = [{"Start": "index.md"}]
    for title, folder in SECTIONS:
        if pages := _list_pages(docs / folder):
            nav.append({title: [f"{folder}/{page}" for page in pages]})
    house = [page for page in HOUSE if (docs / page).exists()]
    if house:
        nav.append({"House": house})
    return nav


def _list_pages(folder: Path) -> list[str]:
    """Return the pages of a folder, its front page (index or README) first."""
    pages = sorted(page.name for page in folder.glob("*.md"))
    front = [page for page in pages if page in {"index.md", "README.md"}]
    return front + [page for page in pages if page not in front]


def on_config(config: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Set the contents when mkdocs has read its configuration."""
    config["nav"] = build_nav(Path(str(config["docs_dir"])))
    return config
