#!/bin/sh
# Installs what a folder's package-lock.json names, by hash: install.sh FOLDER.
# Not `npm ci`: that refuses a lock file in which another platform's optional package is absent, and
# a registry that does not carry those packages can only make such a lock. This never writes the lock.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tools/surroundings.sh"
cd "$1"
echo "installing the Node packages of $1/package-lock.json" >&2
npm install --no-save --no-progress --loglevel=error >/dev/null

# npm 9 links no program that is called node.
for node in node_modules/node-linux-*/bin/node; do
  if [ -x "$node" ]; then
    ln -sf "../${node#node_modules/}" node_modules/.bin/node
    node_modules/.bin/node --version >/dev/null
  fi
done
touch node_modules/.installed
