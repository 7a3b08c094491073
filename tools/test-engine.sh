#!/bin/sh
# Makes what test/end-to-end/containers.test.ts needs: podman, buildah, and the two base images under the
# names that a Dockerfile gives them, in a storage of their own (FOLDER). Where a registry answers they are
# pulled, else made of this machine's Debian and its Node. Needs root and apt; ends with 1 where it cannot.
set -eu
folder=$1
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
export CONTAINERS_STORAGE_CONF="$folder/storage.conf"

if ! command -v podman >/dev/null || ! command -v buildah >/dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq buildah podman runc mmdebstrap >&2
fi
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/storage"\nrunroot = "%s/run"\n' \
  "$folder" "$folder" >"$CONTAINERS_STORAGE_CONF"

has() { buildah inspect --type image "docker.io/library/$1" >/dev/null 2>&1; }
pulled() { has "$1" || timeout 300 buildah pull --quiet "docker.io/library/$1" >&2 2>&1; }

python=python:3.13-slim
node=node:24-slim
pulled $python && pulled $node && exit 0

[ "$(id -u)" = 0 ] && command -v mmdebstrap >/dev/null || exit 1
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
tar="$folder/debian.tar"
[ -s "$tar" ] || mmdebstrap --quiet --variant=minbase \
  --include=python3,python3-pip,python3-venv,ca-certificates,libstdc++6 \
  --customize-hook='ln -s python3 "$1/usr/bin/python"' \
  --customize-hook='cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"' \
  --customize-hook="cp -L '$(command -v node)' \"\$1/usr/local/bin/node\"" \
  "$suite" "$tar" >&2
for name in $python $node; do
  has $name || podman import --quiet --change 'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt' \
    "$tar" "docker.io/library/$name" >&2
done
