#!/usr/bin/env bash
# Installs Debian or Ubuntu packages that are missing; without arguments those that the tests need.
# usage: debian-packages.sh [PACKAGE ...]
set -euo pipefail

if [ $# -eq 0 ]; then
  # A broker and its clients, also one for Node.js; a database for the monitoring centre; an RTSP server for
  # cameras that are real to the program; a browser that looks at the pages; Prometheus for dashboard and alerts;
  # checks of shell and units.
  set -- chromium mosquitto mosquitto-clients nodejs node-mqtt postgresql prometheus shellcheck systemd \
    python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
fi

if ! command -v dpkg-query >/dev/null; then
  echo "debian-packages: this is no Debian or Ubuntu; install by hand what stands for: $*" >&2
  exit 0
fi
missing=()
for package in "$@"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "debian-packages: missing ${missing[*]}; as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "installing Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# A broker that the package starts by itself would listen on 1883; tests and demo start their own.
policy=/usr/sbin/policy-rc.d
made_policy=
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod +x "$policy"
  made_policy=yes
fi
trap '[ -z "$made_policy" ] || "${as_root[@]}" rm -f "$policy"' EXIT
"${as_root[@]}" apt-get update -q >/dev/null
"${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
