#!/bin/sh
# dnsx.sh: dnsx asks the unbound daemon of the benchmark (unbound.sh).
set -eu
case $1 in
name)		echo "unbound + dnsx" ;;
version)	command -v dnsx >/dev/null &&
		    dnsx -duc -version 2>&1 | grep -i version ;;
run)		exec dnsx -duc -silent -l "$2" -r "$3" -mx -t 1000 -retry 1 \
		    -json -o "$4" ;;
count)		wc -l <"$2" ;;
esac
