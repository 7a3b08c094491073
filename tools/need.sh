#!/bin/sh
# Says what this machine lacks before anything else runs: what, why, what to do.
# Exit 3 and nothing touched. Looks only at what the next step really needs.
set -eu
cd "$(dirname "$0")/.."

fail() {
  printf 'error: %s\n  why: %s\n  fix: %s\n' "$1" "$2" "$3" >&2
  exit 3
}

# at_least 1.11.4 1.11: true if the first version is the second or newer.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n | head -n 1)" = "$2" ]
}

need_system() {
  system=$(uname -sm) || system=unknown
  case $system in
    'Linux x86_64' | 'Linux aarch64') ;;
    *) fail "$system is not supported" \
      'Windlass runs on Linux (x86_64 and aarch64), and was never tested elsewhere' \
      'use a Linux machine or a container; on Windows WSL2, on macOS a Linux VM' ;;
  esac
  release=$(uname -r)
  case $release in
    *-Microsoft) fail "WSL 1 ($release) is not supported" \
      'it has no Linux kernel of its own: mounts, signals and /proc differ' \
      'convert the distribution: wsl --set-version NAME 2' ;;
  esac
}

need_folder() {
  [ -e node_modules/.installed ] && [ -e tools/node/node_modules/.installed ] &&
    [ -e tools/python/.venv/.installed ] && [ -e examples/wellness/.venv/.installed ] && return
  [ -w . ] || fail "$PWD cannot be written to" \
    'Node, Temporal, Postgres and the packages are installed into the project itself' \
    'clone to a folder of your own, on a disk that is not read-only'
}

need_programs() {
  case $PWD in
    *[:\\\$]*) fail "the path $PWD holds a colon, a backslash or a dollar sign" \
      'PATH cannot hold the first, node the second, make the third' \
      'clone to a folder without these characters' ;;
  esac
  # access(2) says no to everybody on a disk that is mounted noexec.
  [ -x tools/node/install.sh ] || fail "no program can be run in $PWD" \
    'its disk is mounted noexec, or the files have lost their modes on the way here' \
    'clone to a disk that allows programs (`findmnt -T .` shows the options of this one)'
}

need_node() {
  [ -x tools/node/node_modules/.bin/node ] && return
  command -v node >/dev/null || fail 'node is not on PATH' \
    'npm needs any Node from 18 on to install the pinned one' 'apt-get install nodejs npm'
  command -v npm >/dev/null || fail 'npm is not on PATH' \
    'it installs the pinned Node and the packages' 'apt-get install npm'
  version=$(node --version) || fail 'node does not start' 'see above' 'reinstall nodejs'
  at_least "${version#v}" 18.0 || fail "node $version is too old" \
    'npm needs Node 18 or newer to install the pinned one' 'put a newer node on PATH'
}

need_python() {
  [ -e tools/python/.venv/.installed ] && return
  python=${WINDLASS_PYTHON:-python3}
  command -v "$python" >/dev/null || fail "$python is not on PATH" \
    'Temporal, Postgres and Alembic are installed as Python packages' \
    'apt-get install python3 python3-venv, or set WINDLASS_PYTHON'
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') ||
    fail "$python does not start" 'see above' 'set WINDLASS_PYTHON to one that works'
  at_least "$version" 3.11 || fail "$python is version $version" \
    'the tools need Python 3.11 or newer' 'install a newer one, or set WINDLASS_PYTHON to it'
}

need_terraform() {
  terraform=${WINDLASS_TERRAFORM:-terraform}
  command -v "$terraform" >/dev/null || fail "$terraform is not on PATH" \
    'the foundation and the services are deployed by Terraform' \
    'install Terraform 1.11 or newer, or set WINDLASS_TERRAFORM to it'
  version=$(CHECKPOINT_DISABLE=1 "$terraform" version 2>/dev/null |
    sed -n '1,/^Terraform v/s/^Terraform v\([0-9.]*\).*/\1/p')
  at_least "${version:-0.0}" 1.11 || fail "$terraform is version ${version:-unknown}" \
    'the state lock and the provider protocol need Terraform 1.11 or newer' \
    'install a newer one, or set WINDLASS_TERRAFORM to it'
}

for thing in "$@"; do "need_$thing"; done
