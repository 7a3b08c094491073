#!/bin/sh
# Installs exactly what a folder's package-lock.json names: install.sh FOLDER.
set -eu
cd "$1"
npm ci --silent --no-progress --engine-strict=false || npm ci --no-progress --engine-strict=false
touch node_modules/.installed
