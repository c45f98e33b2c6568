"""The Rust core depends on very little: a hash, and nothing of Python, the network or the clock."""

import tomllib

from tools.findings import ROOT

LOCK = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
PACKAGES = {package["name"]: package for package in LOCK["package"]}

# What the core is allowed to need: SHA-256 of the state, and what that is made of.
ALLOWED = frozenset(
    {
        "sha2",
        "digest",
        "block-buffer",
        "crypto-common",
        "generic-array",
        "typenum",
        "version_check",
        "cfg-if",
        "cpufeatures",
        "libc",
    }
)


def needed_by(name: str) -> frozenset[str]:
    """Return all packages that a package needs, directly or not."""
    found: dict[str, None] = {}
    left = [name]
    while left:
        for entry in PACKAGES[left.pop()].get("dependencies", ()):
            needed = entry.split(" ")[0]
            if needed not in found:
                found[needed] = None
                left.append(needed)
    return frozenset(found)


def test_the_core_needs_a_hash_and_nothing_else() -> None:
    assert needed_by("bezant-core") <= ALLOWED


def test_python_is_beside_the_core_not_in_it() -> None:
    assert "pyo3" not in needed_by("bezant-core")
    assert {"pyo3", "bezant-core"} <= needed_by("bezant-core-py")


def test_every_package_is_locked_by_its_hash() -> None:
    foreign = [package for package in LOCK["package"] if "source" in package]
    assert foreign
    assert all(len(package["checksum"]) == 64 for package in foreign)
