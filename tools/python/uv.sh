#!/bin/sh
# Prints the path of a uv: WINDLASS_UV, else PATH, else one that it installs into tools/python/.uv (WINDLASS_UV_HOME).
set -eu
cd "$(dirname "$0")"
python=${WINDLASS_PYTHON:-python3}
home=${WINDLASS_UV_HOME:-$PWD/.uv}

found=${WINDLASS_UV:-$(command -v uv || true)}
if [ -n "$found" ]; then
  echo "$found"
  exit
fi

if [ ! -e "$home/.installed" ]; then
  rm -rf "$home"
  if "$python" -m venv "$home" >/dev/null 2>&1; then
    "$home/bin/python" -m pip install --quiet --require-hashes --requirement uv.lock >&2
  elif "$python" -m pip --version >/dev/null 2>&1; then
    # Debian without python3-venv: a venv has no pip of its own there, but pip can fill a folder.
    rm -rf "$home"
    "$python" -m pip install --quiet --target "$home" --require-hashes --requirement uv.lock >&2
  else
    rm -rf "$home"
    printf 'error: uv cannot be installed\n' >&2
    printf '  why: %s has neither the venv module with pip nor pip itself\n' "$python" >&2
    printf '  fix: apt-get install python3-venv, or set WINDLASS_UV to a uv\n' >&2
    exit 3
  fi
  touch "$home/.installed"
fi
echo "$home/bin/uv"
