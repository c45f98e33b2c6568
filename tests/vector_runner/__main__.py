"""`python -m tests.vector_runner [--update] [FILE…]`: run vectors, or fill in their digests."""

import sys
from pathlib import Path

from tests.vector_runner.grammar import VectorSyntax
from tests.vector_runner.runner import VectorFailed, run
from tests.vector_runner.target import reference

ROOT = Path(__file__).parent.parent / "vectors"


def main(arguments: list[str]) -> int:
    """Run the named vectors, else all; return how many failed (0 is success)."""
    is_update = "--update" in arguments
    names = [Path(name) for name in arguments if not name.startswith("--")]
    not_yet = not_yet_names()
    failed = 0
    for path in names or sorted(ROOT.rglob("*.vec")):
        is_expected = not names and str(path.relative_to(ROOT)) in not_yet
        try:
            done = run(path, reference(), update=is_update)
        except (VectorFailed, VectorSyntax) as error:
            if not is_expected:
                failed += 1
                print(error, file=sys.stderr)
            continue
        if is_update:
            fill_in(path, done.digests)
    print(f"{failed} failed")
    return min(failed, 1)


def not_yet_names() -> set[str]:
    """Return the vectors that wait for a part of the law that is not built yet."""
    lines = (ROOT / "not-yet.txt").read_text(encoding="utf-8").split("\n")
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def fill_in(path: Path, digests: dict[int, str]) -> None:
    """Write the digests found into the `digest` lines of a vector."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, digest in digests.items():
        lines[number - 1] = f"digest  {digest}"
    path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
