#!/bin/sh
# Build the Rust core into .venv as the module `bezant_core`, where there is a Rust toolchain.
#
# Without one, or if it is too old, the exchange runs on the reference core: one line says so, and
# the exit code is 0 (`--quiet`: no line, `bezant up` has its own). On CI (CI=true) that is a
# failure. Does nothing when nothing has changed.
set -eu
cd "$(dirname "$0")/.."

RUST_MIN=1.88
stamp=.cache/stamps/native
log=.cache/native.log
quiet=no
[ "${1:-}" != --quiet ] || [ "${CI:-}" = true ] || quiet=yes

say() { printf '· %s\n' "$*"; }
go_without() {
  [ "$quiet" = yes ] ||
    printf '! %s: the exchange will run on the reference core in Python, which is slower\n' "$*" >&2
  [ "${CI:-}" != true ] || exit 1
  exit 0
}

is_fresh() {
  [ -e "$stamp" ] && [ -e .cache/stamps/python ] || return 1
  [ -z "$(find Cargo.toml Cargo.lock crates tools/native.sh .cache/stamps/python \
    -newer "$stamp" -type f ! -path '*/tests/*' ! -path '*/fuzz/*' -print -quit)" ]
}

is_new_enough() {
  version=$(rustc --version 2>/dev/null | cut -d ' ' -f 2)
  [ "$(printf '%s\n%s\n' "$RUST_MIN" "$version" | sort -V | head -n 1)" = "$RUST_MIN" ]
}

is_fresh && exit 0
cargo --version >/dev/null 2>&1 || go_without "no Rust toolchain is here (https://rustup.rs)"
is_new_enough || go_without "Rust $RUST_MIN or newer is needed, here is ${version:-none}"

say "Building the Rust core (a minute, the first time)"
mkdir -p .cache/stamps .cache/wheels
touch "$stamp.begun" # What is edited during the build is newer than this.
rm -f .cache/wheels/bezant_core-*.whl
uv=$(tools/install.sh --print-uv)
if ! {
  .venv/bin/maturin build --release --locked --strip --quiet --out .cache/wheels \
    --manifest-path crates/bezant-core-py/Cargo.toml &&
    "$uv" pip install --quiet --python .venv/bin/python --no-deps --force-reinstall \
      .cache/wheels/bezant_core-*.whl
} >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  go_without "the Rust core could not be built ($log tells why)"
fi
mv "$stamp.begun" "$stamp"
