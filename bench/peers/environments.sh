#!/bin/sh
# Make an environment for each peer in .bench, so that none of them meets ours: environments.sh [peer ...]
# A peer that cannot be installed is named at the end and leaves nothing behind; the others are made all the same.
set -u
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- vectorbt backtesting backtrader quantstats empyrical
missing=""

make_environment() {
    pins=bench/peers/requirements-$1.txt
    python=.bench/$1/bin/python
    [ -f ".bench/$1/.installed" ] && [ ".bench/$1/.installed" -nt "$pins" ] && return 0
    rm -rf ".bench/$1"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python ">=3.11,<3.14" ".bench/$1" &&
            uv pip install --quiet --python "$python" --require-hashes -r "$pins"
    else
        "${PYTHON:-python3}" -m venv ".bench/$1" &&
            "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$pins"
    fi && touch ".bench/$1/.installed"
}

for peer in "$@"; do
    echo "Installing $peer into .bench/$peer" >&2
    make_environment "$peer" || {
        rm -rf ".bench/$peer"
        missing="$missing $peer"
    }
done
[ -z "$missing" ] || {
    echo "Not installed:$missing" >&2
    exit 1
}
