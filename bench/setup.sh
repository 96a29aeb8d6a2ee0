#!/usr/bin/env bash
# Installs what the benchmark compares lockmesh with: servers from Debian's packages, their clients
# from npm into bench/node_modules. Starts none of the servers: the benchmark does, and ends them.
set -euo pipefail
cd "$(dirname "$0")"

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# What is there already is left as it is, and so are the services of its own.
missing=()
for package in redis-server etcd-server postgresql-15; do
  dpkg --status "$package" 2>/dev/null | grep -q '^Status: .* installed$' || missing+=("$package")
done

if [ "${#missing[@]}" -gt 0 ]; then
  # While this file exists, packages that are installed start nothing.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
  fi
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
fi

# Nor do they start with the machine: the benchmark needs no more than the programs.
if [ -d /run/systemd/system ]; then
  for package in "${missing[@]}"; do
    case "$package" in
      redis-server) as_root systemctl disable --now redis-server || true ;;
      etcd-server) as_root systemctl disable --now etcd || true ;;
      postgresql-15) as_root systemctl disable --now postgresql || true ;;
    esac
  done
fi

npm ci --no-audit --no-fund
