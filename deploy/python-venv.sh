#!/usr/bin/env bash
# Makes a Python environment, installing Debian's venv package where that is what is missing.
# usage: python-venv.sh PYTHON FOLDER
set -euo pipefail
python=$1
folder=$2

if ! command -v "$python" >/dev/null; then
  echo "python-venv: $python is not on this machine; install python3 (3.11 or newer)" >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "python-venv: wants Python 3.11 or newer, got $("$python" -V); name another with make PYTHON=python3.12" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  "$(dirname "$0")/debian-packages.sh" python3-venv
fi
"$python" -m venv "$folder"
