#!/bin/sh
# unbound.sh: dnsperf asks the unbound daemon of the benchmark, which bench.py
# starts and counts for every peer.
set -eu
case $1 in
name)		echo "unbound + dnsperf" ;;
version)	command -v dnsperf >/dev/null && command -v unbound >/dev/null &&
		    unbound -V | sed -n 1p ;;
# run NAMES RESOLVER OUT: one MX question for each name.
run)		sed 's/$/ MX/' "$2" >"$4.questions"
		exec dnsperf -s "$3" -d "$4.questions" -n 1 -q 200 -t 60 \
		    >"$4" ;;
# count OUT: how many names were answered.
count)		sed -n 's/^ *Queries completed: *\([0-9]*\).*/\1/p' "$2" ;;
esac
