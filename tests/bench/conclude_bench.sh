#!/bin/sh
# conclude_bench: `mxcensus conclude` on a synthetic run of DOMAINS domains:
# only with shared MX hosts, and with 0.3 hosts per domain, whose rows are read
# as well. It prints domains per second of processor time, and the memory used.
set -eu
build=${1:-build}
domains=${DOMAINS:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -O2 -g -o "$work/bench" \
    tests/bench/conclude_bench.c "$build/libmxcensus.a" -lz -ldeflate -ljansson -lidn2
for own in 0 3; do
	rm -rf "$work/run"
	mkdir "$work/run"
	"$work/bench" "$work/run" "$domains" $own
	python3 - "$build/mxcensus" "$work/run" "$domains" $own <<'END'
import resource
import subprocess
import sys

program, run, domains, own = sys.argv[1:]
subprocess.run([program, "conclude", "--force", run], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = used.ru_utime + used.ru_stime
print(f"{domains} domains, {own} of ten with an MX host of their own: "
      f"{seconds:.2f} s of processor time, "
      f"{int(domains) / seconds:.0f} domains/s and core, "
      f"{used.ru_maxrss // 1024} MiB")
END
done
