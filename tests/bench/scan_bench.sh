#!/bin/sh
# scan_bench BUILD: a whole scan of the lab's bulk world: domains on 20 MX hosts, a
# tenth of them silent. SIZES and WORKERS say which; CPU time is over all processes
# of the scan (those of the lab are not counted).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
BUILD=$(cd "$1" && pwd)
LAB_DIR=$BUILD/bench/scan
export BUILD LAB_DIR
lab=$top/tests/lab/lab
mkdir -p "$LAB_DIR"
trap '"$lab" down' EXIT
trap 'exit 1' INT TERM HUP

for size in ${SIZES:-20000 100000 1000000}; do
	"$top/tests/lab/bulk" up "$size" 20 >/dev/null
	for workers in ${WORKERS:-1 2}; do
		rm -rf "$LAB_DIR/run"
		printf '%8s domains, %s workers: ' "$size" "$workers"
		# shellcheck disable=SC2046 # options are words
		"$lab" run "$here/scan_bench.py" "$BUILD/mxcensus" scan \
		    "$LAB_DIR/names" -o "$LAB_DIR/run" $("$lab" options) \
		    --timeout 3s --quiet --workers "$workers"
	done
	"$lab" down
done
