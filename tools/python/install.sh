#!/bin/sh
# Fills a virtual environment with exactly what a lock file names: install.sh FOLDER LOCK.
set -eu
folder=$1
lock=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tools/surroundings.sh"
uv=$("$(dirname "$0")/uv.sh")
export UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1

echo "installing the Python packages of $lock" >&2
rm -f "$folder/.installed"
[ -x "$folder/bin/python" ] ||
  "$uv" venv --quiet --clear --python "${WINDLASS_PYTHON:-python3}" "$folder"
"$uv" pip sync --compile-bytecode --quiet --require-hashes --python "$folder/bin/python" "$lock"
touch "$folder/.installed"
