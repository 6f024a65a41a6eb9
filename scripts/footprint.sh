#!/usr/bin/env bash
# Prints the size of the stripped binary, the time from its start to the demo's
# first page, and its memory when idle.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap '[ -n "${demo:-}" ] && kill "$demo" 2>/dev/null; rm -rf "$folder"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o "$folder/stethoscope" .
echo "binary: $(($(stat -c %s "$folder/stethoscope") / 1024)) KiB (goal: under 20480)"
for round in 1 2 3; do
  start=$(date +%s%N)
  "$folder/stethoscope" demo --listen 127.0.0.1:0 >"$folder/out" 2>&1 &
  demo=$!
  until address=$(grep -o 'http://[0-9.:]*' "$folder/out" | head -1) && [ -n "$address" ]; do sleep 0.005; done
  curl -sfL -c "$folder/cookies$round" -b "$folder/cookies$round" -o "$folder/page" "$address/"
  echo "first page: $((($(date +%s%N) - start) / 1000000)) ms after the start (goal: under 1000)"
  sleep 1
  echo "memory when idle: $(awk '/VmRSS/ {print $2}' "/proc/$demo/status") KiB (goal: under 40960)"
  kill "$demo"
  wait "$demo" || true
done
demo=
