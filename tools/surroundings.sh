# Sourced by the installers, after `root=` names the project: folders that npm, uv and pip can write
# to, where the machine's own cannot be (no HOME, a read-only one, a TMPDIR that is not there).
usable() {
  case $1 in /*) [ -d "$1" ] && [ -w "$1" ] && [ -x "$1" ] ;; *) false ;; esac
}

if ! usable "${TMPDIR:-/tmp}"; then
  for TMPDIR in /tmp /var/tmp "$root/.windlass/tmp"; do
    if usable "$TMPDIR"; then break; fi
  done
  mkdir -p "$TMPDIR"
  export TMPDIR
fi

if ! usable "${HOME:-}"; then
  export npm_config_cache="${npm_config_cache:-$root/.windlass/cache/npm}"
  export UV_CACHE_DIR="${UV_CACHE_DIR:-$root/.windlass/cache/uv}"
  export PIP_CACHE_DIR="${PIP_CACHE_DIR:-$root/.windlass/cache/pip}"
fi
