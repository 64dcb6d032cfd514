#!/bin/sh
# Make .venv and put pinned, hashed requirements and this package into it: environment.sh run|dev
# Uses python3 with venv and pip; where Python comes without them (Debian), uv if it is there.
set -eu
cd "$(dirname "$0")/.."
kind=${1:?environment.sh run or environment.sh dev}
venv=.venv

fail() {
    echo "$1" >&2
    exit 2
}

recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if recent "$name"; then
            echo "$name"
            return
        fi
    done
}

has_uv() {
    command -v uv >/dev/null 2>&1
}

if ! { [ -x $venv/bin/python ] && recent $venv/bin/python; }; then
    rm -rf $venv
    python=$(find_python)
    if [ -n "$python" ] && "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        "$python" -m venv $venv
    elif has_uv; then
        uv venv --quiet --python "${python:->=3.11}" $venv
    elif [ -n "$python" ]; then
        fail "This Python has no ensurepip: install python3-venv (Debian: apt install python3-venv) or uv, then run make again."
    else
        fail "Tradeworthy needs Python 3.11 or later: install it, or name it with make PYTHON=/path/to/python3."
    fi
fi

echo "Installing pinned requirements ($kind) into $venv" >&2
if $venv/bin/python -c 'import pip' >/dev/null 2>&1; then
    $venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$kind.txt"
    $venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
elif has_uv; then
    uv pip install --quiet --python $venv/bin/python --require-hashes -r "requirements/$kind.txt"
    uv pip install --quiet --python $venv/bin/python --no-deps --no-build-isolation -e .
else
    fail "$venv has no pip and uv is not installed: remove $venv, install python3-venv or uv, then run make again."
fi
touch $venv/.installed-run
[ "$kind" = run ] || touch $venv/.installed-dev
