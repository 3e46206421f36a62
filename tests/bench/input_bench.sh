#!/bin/sh
# input_bench BUILD: the cost of counting a zone file and of planning a scan of
# it (input_bench.py). COUNT and ROUNDS change the size; BEFORE=PROGRAM also
# measures an older program.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

datasets/generate zone "$work/zz.zone.gz" zz "${COUNT:-2500000}" 0.05
tests/bench/input_bench.py --rounds "${ROUNDS:-5}" \
    --json "$1/input_bench.json" "$work/zz.zone.gz" \
    "$1/mxcensus" ${BEFORE:+"$BEFORE"}
