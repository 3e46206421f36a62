#!/bin/sh
# zone_bench: 2.5 million delegations through the zone reader, compared with
# gunzip alone and libzscanner; the median of three rounds, in which the
# programs take turns. COUNT=N for another size. Needs 450 MB in TMPDIR; they
# are removed.
set -eu
build=${1:-build}
count=${COUNT:-2500000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

if [ -f "$build/libmxcensus.a" ]; then
	${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -O2 -g -o "$work/bench" \
	    tests/bench/zone_bench.c "$build/libmxcensus.a" \
	    -lzscanner -lz -lidn2
else
	${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -O2 -g -o "$work/bench" \
	    tests/bench/zone_bench.c parsers/zone/*.c parsers/name.c \
	    scanner/base/calendar.c scanner/base/memory.c -lzscanner -lz -lidn2
fi
"$work/bench" generate "$count" > "$work/zone"
gzip -c "$work/zone" > "$work/zone.gz"
echo "plain $(wc -c < "$work/zone") bytes, gzip $(wc -c < "$work/zone.gz")"

seconds() {	# COMMAND...: wall time
	start=$(date +%s.%N)
	"$@" > "$work/out"
	echo "$(date +%s.%N) $start" | awk '{ printf "%.3f", $1 - $2 }'
}
zcat_alone() { zcat "$work/zone.gz" | cat > /dev/null; }
for round in 1 2 3; do
	echo "$(seconds zcat_alone) s" >> "$work/zcat.gz"
	for who in parser zscanner; do
		"$work/bench" "$who" "$work/zone" >> "$work/$who.plain"
		"$work/bench" "$who" "$work/zone.gz" >> "$work/$who.gz"
	done
done
for what in zcat.gz parser.gz zscanner.gz parser.plain zscanner.plain; do
	printf '%-15s %s\n' "$what" "$(sort -n "$work/$what" | sed -n 2p)"
done
