#!/bin/sh
# zdns.sh: zdns asks the unbound daemon of the benchmark (unbound.sh).
set -eu
case $1 in
name)		echo "unbound + zdns" ;;
version)	command -v zdns >/dev/null && echo zdns ;;
run)		exec zdns MX --name-servers="$3" --threads=1000 --timeout=15 \
		    --retries=0 --input-file="$2" --output-file="$4" ;;
count)		wc -l <"$2" ;;
esac
