#!/usr/bin/env bash
# Makes the virtual environment $VENV with $PYTHON, or says in one line what is missing.
set -euo pipefail
python="${PYTHON:-python3}"
venv="${VENV:-.venv}"

if ! command -v "$python" >/dev/null; then
  echo "Kymograph needs Python 3.10 or newer; install it with: apt-get install python3 python3-venv" >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
  echo "Kymograph needs Python 3.10 or newer, $python is $("$python" -V 2>&1); choose another: make PYTHON=python3.12" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  # Debian and Ubuntu keep this part of Python in a package of its own.
  package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $package ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
  else
    echo "Python cannot make virtual environments here; install that part with: sudo apt-get install $package" >&2
    exit 1
  fi
fi
if [ ! -x "$venv/bin/python" ]; then
  echo "Making the virtual environment $venv ..."
  "$python" -m venv "$venv"
fi
