#!/usr/bin/env bash
# Installs what tests need of a Debian machine and is missing: PostgreSQL's server programs, what faults are made with, and a browser.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v iptables >/dev/null || missing+=(iptables)
command -v ip >/dev/null || missing+=(iproute2)
[[ -x /usr/bin/chromium ]] || missing+=(chromium)

if [[ ${#missing[@]} -eq 0 ]]; then
  exit 0
elif [[ $(id -u) -eq 0 ]]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif [[ " ${missing[*]} " == *" postgresql "* ]]; then
  echo "PostgreSQL's server programs are missing: apt-get install ${missing[*]}, or run $0 as root once." >&2
  exit 1
elif [[ " ${missing[*]} " == *" chromium "* ]]; then
  echo "A browser is missing: apt-get install ${missing[*]}, or run $0 as root once." >&2
  exit 1
else
  echo "Some tests of faults will be skipped: apt-get install ${missing[*]}, or run $0 as root once." >&2
fi
