#!/bin/sh
# table_bench: the cost of setting, writing and reading back a row of `domains`,
# at zlib levels 1 and 6; the mean over ROWS rows in parts of 4,096.
set -eu
build=${1:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -O2 -g -o "$work/bench" \
    tests/bench/table_bench.c "$build/libmxcensus.a" -lz -ldeflate -ljansson -lidn2
"$work/bench" "${ROWS:-409600}"
