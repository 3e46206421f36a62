#!/bin/sh
# massdns.sh: massdns asks the unbound daemon of the benchmark (unbound.sh).
set -eu
case $1 in
name)		echo "unbound + massdns" ;;
version)	command -v massdns >/dev/null && echo massdns ;;
run)		echo "$3" >"$4.resolvers"
		exec massdns -r "$4.resolvers" -t MX -s 1000 -i 15000 -c 1 \
		    --retry never --root -q -o J -w "$4" "$2" ;;
count)		wc -l <"$2" ;;
esac
