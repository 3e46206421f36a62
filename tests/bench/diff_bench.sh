#!/bin/sh
# diff_bench: `mxcensus diff` on two synthetic runs: DOMAINS domains and a tenth
# more, first only with shared MX hosts, then with 0.3 hosts per domain. It
# prints domains per second of processor time (counting both runs), and the
# memory used.
set -eu
build=${1:-build}
domains=${DOMAINS:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -O2 -g -o "$work/bench" \
    tests/bench/conclude_bench.c "$build/libmxcensus.a" -lz -ldeflate -ljansson -lidn2
for own in 0 3; do
	rm -rf "$work/old" "$work/new"
	mkdir "$work/old" "$work/new"
	"$work/bench" "$work/old" "$domains" $own
	"$work/bench" "$work/new" $((domains / 10 * 11)) $own
	"$build/mxcensus" conclude --force "$work/old"
	"$build/mxcensus" conclude --force "$work/new"
	python3 - "$build/mxcensus" "$work" "$domains" $own <<'END'
import resource
import subprocess
import sys

program, work, domains, own = sys.argv[1:]
command = [program, "diff", f"{work}/old", f"{work}/new"]
for csv in [], ["--csv", f"{work}/csv"]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command + csv, check=True, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = (used.ru_utime + used.ru_stime - before.ru_utime -
               before.ru_stime)
    print(f"{domains} domains and a tenth more, {own} of ten with an MX host "
          f"of their own{', with lists' if csv else ''}: "
          f"{seconds:.2f} s of processor time, "
          f"{int(domains) * 2.1 / seconds:.0f} domains/s and core, "
          f"{used.ru_maxrss // 1024} MiB")
END
done
