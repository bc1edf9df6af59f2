#!/bin/sh
# What your users corrected becomes an adapter that serves, in one round:
#
#   1  data       the library, its runs and corrections, with public sets so that little is unlearned
#   2  finetune   search, train, convert; a gate refuses what lost quality, and then nothing changes
#   3  serve      the server on this machine with the new adapter
#
#   sh runs/loop.sh [FOLDER]       default: runs/loop in FUNCSMITH_HOME (~/.funcsmith)
#
#   NAME=ours      the adapter's name; a new one takes its place only past the gate
#   MODEL=small    its base
#   TOKENS=150000  tokens trained on
#   SERVE=no       end after the gate
#
# Stopped or killed, the same command goes on with its round; the data of a round are those of its
# beginning. The next call after a finished round begins another one.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=${1:-${FUNCSMITH_HOME:-$HOME/.funcsmith}/runs/loop}
name=${NAME:-ours}
model=${MODEL:-small}
if [ -n "${FUNCSMITH:-}" ]; then
    : # a command of your own, such as "python -m funcsmith"
elif [ -x "$here/.venv/bin/funcsmith" ]; then
    FUNCSMITH=$here/.venv/bin/funcsmith
else
    FUNCSMITH=funcsmith
fi

say() { printf '\n== %s  (%s)\n' "$1" "$(date '+%H:%M:%S')"; }

round=1
while [ -e "$work/round-$round/done" ]; do
    round=$((round + 1))
done
place=$work/round-$round
mkdir -p "$place"

say "round $round: data"
if [ ! -e "$place/prepared" ]; then
    sources=
    if [ -z "${FUNCSMITH_DATA:-}" ]; then
        sources='--source phrasebook --source docstrings --source library'
    fi
    # Unquoted, so that a command of several words is one.
    # shellcheck disable=SC2086
    $FUNCSMITH data prepare --out "$place/data" $sources
    : >"$place/prepared"
fi

say "round $round: finetune"
if ! $FUNCSMITH finetune "$place/data" --name "$name" --model "$model" \
    --tokens "${TOKENS:-150000}" --work "$place/finetune"; then
    echo "The round ended without a new adapter; what served before still does." >&2
    exit 1
fi
: >"$place/done"

if [ "${SERVE:-yes}" = no ]; then
    say "round $round: done; funcsmith run … --model $model --adapter $name"
    exit 0
fi
say "round $round: serve"
FUNCSMITH_MODEL=$model FUNCSMITH_ADAPTER=$name
export FUNCSMITH_MODEL FUNCSMITH_ADAPTER
exec $FUNCSMITH serve
