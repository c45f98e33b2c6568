"""Fuzzes what the reference core reads, guided by coverage: see docs/how-to/fuzz.md.

    uv run --no-sync --with atheris python -m tests.fuzz.coverage_guided snapshots \\
      -max_total_time=600 -rss_limit_mb=1024 .cache/fuzz/snapshots SEEDS

`atheris` is no dependency of the house; the Rust core has its own fuzzers beside its code.
"""

import importlib
import sys


def main() -> None:
    """Fuzz one target (commands, entries, questions, snapshots) until something is found."""
    atheris = importlib.import_module("atheris")
    target = sys.argv.pop(1)
    with atheris.instrument_imports(include=["bezant"]):
        decoders = importlib.import_module("tests.fuzz.decoders")
    atheris.Setup(sys.argv, decoders.CHECKS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
