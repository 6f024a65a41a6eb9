#!/usr/bin/env bash
# Installs what the browser tests need and a fresh Debian machine lacks: Chromium
# from Debian, axe-core from npm. Does nothing where both are there.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

if ! command -v chromium >/dev/null; then
  echo "installing Chromium"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium fonts-noto-core
fi

if [ ! -f node_modules/axe-core/axe.min.js ]; then
  echo "installing axe-core"
  npm ci --no-audit --no-fund --loglevel=error
fi
