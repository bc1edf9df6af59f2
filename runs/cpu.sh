#!/bin/sh
# The whole line from nothing on two cores, each step at its small setting:
#
#   1  data       records from what is at hand (the public sets where FUNCSMITH_DATA is set)
#   2  train      a tiny GPT from scratch
#   3  finetune   a small LoRA of the 0.5B, converted for llama.cpp, past its gate, installed
#   4  serve      a sentence answered by each of the two
#
#   sh runs/cpu.sh [FOLDER]        default: runs/cpu in FUNCSMITH_HOME (~/.funcsmith)
#
# Stopped or killed, the same command goes on where it was. It shows that the line runs and how long
# it takes; models that are worth something need the usual settings of each command (docs/teaching.md).
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=${1:-${FUNCSMITH_HOME:-$HOME/.funcsmith}/runs/cpu}
adapter=cpu
if [ -n "${FUNCSMITH:-}" ]; then
    : # a command of your own, such as "python -m funcsmith"
elif [ -x "$here/.venv/bin/funcsmith" ]; then
    FUNCSMITH=$here/.venv/bin/funcsmith
else
    FUNCSMITH=funcsmith
fi

say() { printf '\n== %s  (%s)\n' "$1" "$(date '+%H:%M:%S')"; }

# A step leaves a mark when it has ended well, and is not done again.
step() {
    name=$1
    shift
    if [ -e "$work/done/$name" ]; then
        say "$name: done already"
        return 0
    fi
    say "$name"
    # Unquoted, so that a command of several words is one.
    $FUNCSMITH "$@"
    mkdir -p "$work/done"
    : >"$work/done/$name"
}

mkdir -p "$work"
started=$(date +%s)

step model models pull small
# Without the public sets there is what was written for this and what Python says of itself.
sources=
if [ -z "${FUNCSMITH_DATA:-}" ]; then
    sources='--source phrasebook --source docstrings --source library'
fi
# shellcheck disable=SC2086 # several words
step data data prepare --out "$work/data" --limit 600 $sources
step train train "$work/data" --out "$work/gpt" --depth 2 --minutes 3 --evaluated 20
# Of twelve records one is eight points: this gate only catches what is broken.
step finetune finetune "$work/data" --name "$adapter" --model small --work "$work/finetune" \
    --tokens 6000 --search-tokens 0 --rank 8 --rate 0.0003 --rows 8 --evaluations 1 \
    --check-records 8 --gate-records 12 --test-records 12 --allowed-points 10

say "serve: the GPT from scratch"
$FUNCSMITH run "今天天气真好。" --model "$work/gpt" --no-save </dev/null
say "serve: the 0.5B with its adapter"
$FUNCSMITH run "3 个苹果每个 5 元，一共多少钱？" --model small --adapter "$adapter" --no-save </dev/null

say "done in $(($(date +%s) - started)) s; everything is in $work"
