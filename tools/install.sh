#!/bin/sh
# Put what Bezant needs into this folder: uv where it is missing, and the locked Python packages.
#
# Needs Python 3.11 or newer with pip. Writes .cache/ and .venv/ here, nothing elsewhere, and
# asks for no rights. Prints one line per step; does nothing when nothing has changed.
set -eu
cd "$(dirname "$0")/.."

say() { printf '· %s\n' "$*"; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

find_python() {
  for candidate in python3.13 python3.12 python3.11 python3 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

find_uv() {
  if uv --version >/dev/null 2>&1; then # A shim may be there with nothing behind it.
    command -v uv
  elif [ -x .cache/uv/bin/uv ]; then
    printf '%s\n' "$PWD/.cache/uv/bin/uv"
  else
    return 1
  fi
}

fetch_uv() {
  python=$(find_python) || fail "Python 3.11 or newer is needed; install it and try again."
  "$python" -m pip --version >/dev/null 2>&1 ||
    fail "pip is missing for $python; install it (Debian: apt install python3-pip), or install uv."
  say "uv is missing: putting it into .cache/uv"
  rm -rf .cache/uv
  mkdir -p .cache
  PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore \
    "$python" -m pip install --quiet --target .cache/uv uv ||
    fail "pip could not fetch uv; is the package index reachable?"
}

if [ "${1:-}" = "--print-uv" ]; then
  find_uv || fail "uv is not here yet; run tools/install.sh first."
  exit 0
fi

uv=$(find_uv) || { fetch_uv; uv=$(find_uv) || fail "uv was fetched but is not in .cache/uv/bin."; }

stamp=.cache/stamps/python
if [ ! -x .venv/bin/python ] || [ ! -e "$stamp" ] ||
  [ uv.lock -nt "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  say "Installing the locked Python packages into .venv"
  "$uv" sync --frozen --inexact --quiet # Not exact: tools/native.sh adds the Rust core.
  mkdir -p .cache/stamps
  touch "$stamp"
fi
