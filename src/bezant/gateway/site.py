"""The web app's files, read once into memory and served with the paths of the app itself.

A path outside the API that names no file answers index.html: the app routes by itself. Nothing is
looked up on the disk by a client's words.
"""

import hashlib
import mimetypes
from pathlib import Path
from typing import Final

from msgspec import Struct

MISSING_PAGE: Final = b"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Bezant</title></head><body><h1>Bezant</h1><p>The web app is not built here: run
<code>make web</code> and start again. The API is at work: <a href="/docs">documentation</a>,
<a href="/health">health</a>.</p></body></html>"""
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"
_HASHED: Final = "assets/"  # Vite puts a hash into these names.


class File(Struct, frozen=True):
    """One file as it is sent."""

    body: bytes
    media_type: str
    etag: str
    cache_control: str


class Site:
    """The files of one folder by their paths."""

    def __init__(self, folder: Path | None) -> None:
        self._files = _read(folder) if folder is not None and folder.is_dir() else {}
        index = self._files.get("index.html")
        self._index = index or _file("index.html", MISSING_PAGE)

    def get(self, path: str) -> File:
        """Return the file of a path, or the app's page."""
        return self._files.get(path.strip("/"), self._index)


def default_folder() -> Path | None:
    """Return where the built web app lies in a checkout, or None."""
    folder = Path(__file__).resolve().parents[3] / "web" / "dist"
    return folder if folder.is_dir() else None


def _read(folder: Path) -> dict[str, File]:
    return {
        file.relative_to(folder).as_posix(): _file(
            file.relative_to(folder).as_posix(), file.read_bytes()
        )
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
    }


def _file(name: str, body: bytes) -> File:
    kind, _ = mimetypes.guess_type(name)
    return File(
        body=body,
        media_type=kind or "application/octet-stream",
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        cache_control=_IMMUTABLE if name.startswith(_HASHED) else _REVALIDATE,
    )
