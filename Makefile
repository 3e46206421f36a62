# mxcensus. `make help` lists what there is to make.

# The day of the release is the date of the man pages.
VERSION	= 0.2.0
RELEASED = November 30, 2026

PREFIX	?= /usr/local
DESTDIR	?=
BUILD	?= build
CC	?= cc
CLANG	?= clang
CFLAGS	?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	   -Wmissing-prototypes -Wvla -Wformat=2 -Werror
# A tarball of `make dist` says it in a file.
COMMIT	:= $(firstword $(shell cat .commit 2>/dev/null || \
	     git rev-parse --short=12 HEAD 2>/dev/null))

# pkg-config is itself a package that `make deps` installs: asked when used.
LIBRARIES = libunbound openssl libcurl zlib libdeflate jansson libidn2 libpsl libseccomp \
	    ldns
PKG_CFLAGS = $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
PKG_LIBS   = $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null)
# Another build of libunbound: the folder with its include/ and lib/.
LIBUNBOUND ?=
ifneq ($(LIBUNBOUND),)
UNBOUND_LIB := $(abspath $(firstword $(dir $(wildcard \
	$(LIBUNBOUND)/lib/libunbound.so $(LIBUNBOUND)/lib/*/libunbound.so))))
ifeq ($(UNBOUND_LIB),)
$(error LIBUNBOUND=$(LIBUNBOUND): there is no lib/libunbound.so)
endif
UNBOUND_CFLAGS = -I$(abspath $(LIBUNBOUND))/include
UNBOUND_LIBS = -L$(UNBOUND_LIB) -Wl,-rpath,$(UNBOUND_LIB)
endif
# Debian's libev has no .pc file.
LIBS	= $(UNBOUND_LIBS) $(PKG_LIBS) -lev -lm

ALL_CPPFLAGS = -I. -D_GNU_SOURCE $(UNBOUND_CFLAGS) $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS   = -std=c11 $(WARNINGS) -MMD -MP -ffile-prefix-map='$(CURDIR)'=. \
	       $$(sed -n 1p $(HARDENING)) $(CFLAGS)
# A line of flags for the compiler and one for the linker. The user's flags come
# after them.
HARDENING    = $(BUILD)/hardening

V ?= 0
ifeq ($(V),0)
Q = @
say = @printf '  %-7s %s\n' $(1) $(2)
endif

SOURCES	 := $(sort $(shell find scanner parsers analysis -name '*.c'))
OBJECTS	 := $(SOURCES:%.c=$(BUILD)/%.o)
MAIN	 := $(BUILD)/scanner/main.o
LIBRARY	 := $(BUILD)/libmxcensus.a
UNIT	 := $(patsubst %.c,$(BUILD)/%,\
	     $(sort $(shell find tests/unit -name 'test_*.c')))
# What several unit tests use lies above their folders.
UNIT_HELP := $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))
FUZZ	 := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,\
	     $(wildcard tests/fuzz/fuzz_*.c))
LAB	 := $(BUILD)/tests/lab/fakemx $(BUILD)/tests/lab/fakens \
	    $(BUILD)/tests/lab/connect_once $(BUILD)/tests/lab/other_clock.so \
	    $(BUILD)/tests/lab/other_unbound.so $(BUILD)/tests/faults/shim.so
REPLAY	 := $(FUZZ:$(BUILD)/tests/fuzz/fuzz_%=$(BUILD)/tests/fuzz/replay_%)
# What the report needs from beyond Debian, pinned by hash.
VENV	 := $(BUILD)/report-venv
PIP	 = $(VENV)/bin/pip --quiet --disable-pip-version-check

.PHONY: all scan check check-docs check-unit check-lab check-packaging check-oracle \
	check-report check-debian check-deb faults deps dist deb image install uninstall clean help asan coverage lint \
	format layers bench bench-parts check-lanes check-signed fuzz lab report parquet \
	dataset sample docs FORCE
.DELETE_ON_ERROR:

all: $(BUILD)/mxcensus

# The two commands build with all cores, unless make was told how many jobs to run.
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

## The two commands ###########################################################

scan:		## set up, build, and scan (the lab, or ZONE=FILE EHLO= CONTACT=)
	@$(MAKE) --no-print-directory deps $(if $(ZONE),SETS='build run')
	@$(MAKE) --no-print-directory $(PARALLEL) $(BUILD)/mxcensus
	@ZONE='$(ZONE)' EHLO='$(EHLO)' CONTACT='$(CONTACT)' RUN='$(RUN)' \
	    BUILD='$(BUILD)' packaging/scan

check:		## set up, build, run every test but check-report and check-oracle (JOBS=)
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory $(PARALLEL) all layers
	@$(MAKE) --no-print-directory $(PARALLEL) check-programs
	@tests/run $(BUILD) docs unit replay lab packaging

.PHONY: check-programs
check-programs: $(UNIT) $(REPLAY) $(LAB)
check-docs: all	## check that everything exists that code, tests and documents name
	@tests/run $(BUILD) docs
check-unit: all $(UNIT)	## run only the unit tests
	@tests/run $(BUILD) unit
check-lab: all $(LAB)	## run only the scenarios of the lab
	@tests/run $(BUILD) lab
check-packaging: all	## check tarball, units, sets of packages and SBOM
	@tests/run $(BUILD) packaging
check-oracle: all $(LAB)	## compare a run with posttls-finger and delv (root)
	@tests/run $(BUILD) oracle
faults: all $(LAB)	## test faults of this machine and its network, as a table (JOBS=2)
	@BUILD='$(BUILD)' tests/faults/faults.py --jobs $(or $(JOBS),2)
check-report:	## test tables and report in a browser (asks for more packages)
	@packaging/deps build run test check-report
	@$(MAKE) --no-print-directory all $(VENV)/checks
	@tests/run $(BUILD) report
check-debian:	## run both commands in fresh Debian 12 and 13 (root; RELEASES= WAYS=)
	@[ "$$(id -u)" != 0 ] || packaging/deps check-debian || :
	@BUILD='$(BUILD)' packaging/check-debian
check-deb: all $(LAB)	## build the .deb, install it in fresh Debians, scan the lab (root; RELEASES=)
	@[ "$$(id -u)" != 0 ] || packaging/deps build run test check-deb || :
	@BUILD='$(BUILD)' packaging/check-deb
bench: N = 20000
bench: all $(BUILD)/tests/lab/fakens	## measure CPU time per domain, next to other programs (N=20000)
	@packaging/deps build run test bench
	@BUILD='$(BUILD)' N='$(N)' tests/bench/bench.py
check-lanes: N = 1000000
check-lanes: all $(BUILD)/tests/lab/fakens	## compare the rows of both lanes for a whole zone (N=1000000: hours)
	@packaging/deps build run test bench
	@BUILD='$(BUILD)' N='$(N)' tests/bench/check_lanes.py
check-signed: N = 20000
check-signed: all $(BUILD)/tests/lab/fakens	## is the direct lane secure only where libunbound is? (N=20000)
	@packaging/deps build run test bench
	@BUILD='$(BUILD)' N='$(N)' tests/bench/check_signed.py
bench-parts: all check-programs	## measure parts of the program one by one (takes minutes)
	@set -e; for b in tests/bench/*.sh; do echo "== $$b"; "$$b" $(BUILD); done

deps:		## find and install missing packages (SETS='build run test' YES=1: do not ask)
	@packaging/deps $(SETS)

## After a run ###############################################################

RUN_DIR	 = $(patsubst %/,%,$(RUN))
$(VENV)/made: analysis/report/requirements.txt
	$(call say,VENV,$(VENV))
	$(Q)rm -rf $(VENV) && /usr/bin/python3 -m venv $(VENV)
	$(Q)$(PIP) install --require-hashes --only-binary :all: -r $<
	$(Q)touch $@
$(VENV)/checks: tests/report/requirements.txt $(VENV)/made
	$(Q)$(PIP) install --require-hashes -r $<
	$(Q)touch $@

# Who publishes the report, under which licence, and where: AUTHOR= LICENCE= URL=
export AUTHOR LICENCE URL
RUN_DIRS = $(patsubst %/,%,$(RUNS))
report:		## RUN-report/ (RUN= [BEFORE=RUN]), or a series (RUNS='RUN1 RUN2 ...')
	@test -n '$(RUN)$(RUNS)' || { echo "make report RUN=... [BEFORE=RUN]," \
	    "or RUNS='RUN1 RUN2 ...'; AUTHOR= LICENCE= URL="; exit 2; }
	@packaging/deps report
	@$(MAKE) --no-print-directory $(VENV)/made
	@$(VENV)/bin/python analysis/report/report.py $(if $(RUNS),--series \
	    '$(or $(OUT),$(lastword $(RUN_DIRS))-series)' $(RUN_DIRS),'$(RUN_DIR)' \
	    '$(RUN_DIR)-report' $(if $(BEFORE),'$(BEFORE)'))

parquet: OUT = $(firstword $(RUN_DIR))-parquet
parquet:	## RUN-parquet/: typed Parquet of one run or several (RUN='RUN1 RUN2' OUT=)
	@test -n '$(RUN)' || { echo 'make parquet RUN=... [OUT=FOLDER]'; exit 2; }
	@packaging/deps report
	@$(MAKE) --no-print-directory $(VENV)/made
	@$(VENV)/bin/python analysis/census.py parquet '$(OUT)' $(RUN_DIR)

N	?= 1000000
SIGNED	?= 0.05
APEX	?= zz
dataset:	## make a synthetic zone in build/dataset (N=1000000 SIGNED=0.05 APEX=zz)
	@packaging/deps
	@mkdir -p $(BUILD)/dataset
	@datasets/generate zone $(BUILD)/dataset/$(APEX).zone.gz '$(APEX)' \
	    '$(N)' '$(SIGNED)'
	@ls -l $(BUILD)/dataset/$(APEX).zone.gz

sample:		## make a synthetic run of 10,000 domains in build/sample
	@packaging/deps
	@$(MAKE) --no-print-directory $(BUILD)/sample/SHA256SUMS
	@echo 'Now: make report RUN=$(BUILD)/sample'
$(BUILD)/sample/SHA256SUMS: $(BUILD)/mxcensus $(wildcard datasets/synthetic/*.py)
	@rm -rf $(@D)
	@datasets/generate run $(@D) 10000 $(BUILD)/mxcensus

## Building ###################################################################

$(BUILD)/mxcensus: $(MAIN) $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $$(sed -n 2p $(HARDENING)) $(CFLAGS) $(LDFLAGS) -o $@ \
	    $(MAIN) $(LIBRARY) $(LIBS)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(HARDENING): FORCE
	@mkdir -p $(@D)
	@packaging/hardening '$(CC)' $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# What is linked with libunbound is made anew when another one is named.
$(patsubst %.c,$(BUILD)/%.o,$(shell grep -l '<unbound' $(SOURCES))) \
    $(BUILD)/mxcensus: $(BUILD)/libunbound
$(BUILD)/libunbound: FORCE
	@mkdir -p $(@D)
	@echo '$(UNBOUND_LIB)' | cmp -s - $@ || echo '$(UNBOUND_LIB)' > $@

$(BUILD)/%.o: %.c $(HARDENING)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# The commit is part of run.json; its object is made anew when it moves.
$(BUILD)/scanner/version.o: $(BUILD)/commit
$(BUILD)/scanner/version.o: ALL_CPPFLAGS += \
	-DMXCENSUS_VERSION='"$(VERSION)"' -DMXCENSUS_COMMIT='"$(COMMIT)"' \
	-DMXCENSUS_RELEASED='"$(RELEASED)"'
$(BUILD)/commit: FORCE
	@mkdir -p $(@D)
	@echo '$(COMMIT)' | cmp -s - $@ || echo '$(COMMIT)' > $@

$(BUILD)/tests/unit/%: tests/unit/%.c $(UNIT_HELP) $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	@# The test comes last, so that its headers are those in the .d file.
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MF $@.d $(LDFLAGS) -o $@ \
	    $(UNIT_HELP) $< $(LIBRARY) $(LIBS) -lcmocka $(EXTRA_LIBS)
$(BUILD)/tests/unit/parsers/zone/test_zone: EXTRA_LIBS = -lzscanner

$(BUILD)/tests/lab/fakemx: $(wildcard tests/lab/fakemx*.[ch])
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -I. -D_GNU_SOURCE $(CPPFLAGS) -std=c11 $(WARNINGS) $(CFLAGS) \
	    $(LDFLAGS) -o $@ $(filter %.c,$^) -lev -lssl -lcrypto

$(BUILD)/tests/lab/fakens: $(wildcard tests/lab/fakens*.[ch])
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -I. -D_GNU_SOURCE $(CPPFLAGS) -std=c11 $(WARNINGS) $(CFLAGS) \
	    $(LDFLAGS) -o $@ $(filter %.c,$^) -lev

# glibc declares connect() and sendto() with a type of its own.
$(BUILD)/tests/faults/shim.so: tests/faults/shim.c
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE -std=c11 $(filter-out -Wpedantic,$(WARNINGS)) \
	    -O2 -g -fPIC -shared -o $@ $< -ldl

$(BUILD)/tests/lab/connect_once: tests/lab/connect_once.c $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MF $@.d $(LDFLAGS) -o $@ \
	    $< $(LIBRARY) $(LIBS)

# Loaded before libc: without the flags of a program.
$(BUILD)/tests/lab/other_%.so: tests/lab/other_%.c
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE -std=c11 $(WARNINGS) -O2 -fPIC -shared -o $@ $<

# A fuzzer's corpus, run through its target by an ordinary compiler.
$(BUILD)/tests/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Wno-missing-prototypes -MF $@.d \
	    $(LDFLAGS) -o $@ tests/fuzz/replay.c $< $(LIBRARY) $(LIBS)

# libFuzzer builds all of the program's sources with its own instrumentation.
FUZZ_FLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	     -fno-sanitize-recover=undefined
$(BUILD)/fuzz/%.o: %.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(ALL_CPPFLAGS) -std=c11 -DMXCENSUS_VERSION='""' \
	    -DMXCENSUS_COMMIT='""' -DMXCENSUS_RELEASED='""' $(FUZZ_FLAGS) -c -o $@ $<
$(BUILD)/fuzz/libmxcensus.a: $(patsubst %.c,$(BUILD)/fuzz/%.o,\
		$(filter-out scanner/main.c,$(SOURCES)))
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/fuzz/libmxcensus.a
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(ALL_CPPFLAGS) -std=c11 -O1 -g \
	    -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)
SECONDS ?= 60
fuzz: $(FUZZ)	## run each fuzzer (SECONDS=60)
	@set -e; for f in $(FUZZ); do n=$${f##*/fuzz_}; \
	    mkdir -p $(BUILD)/corpus/$$n tests/fuzz/corpus/$$n; \
	    echo "== $$n"; $$f -max_total_time=$(SECONDS) -print_final_stats=1 \
	    -artifact_prefix=$(BUILD)/corpus/ $(BUILD)/corpus/$$n \
	    tests/fuzz/corpus/$$n 2>&1 | tail -n 4; done

asan:		## build and test under AddressSanitizer and UBSan, in build/asan
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan \
	    CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer' \
	    all check-programs
	@# An allocation that is too large fails, as without the sanitizer.
	@ASAN_OPTIONS=allocator_may_return_null=1:$$ASAN_OPTIONS \
	    tests/run $(BUILD)/asan unit replay lab

COVERAGE_MINIMUM ?= 95
coverage:	## measure which branches of the parsers, SMTP, TLSA and DANE tests take
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage \
	    CFLAGS='-O0 -g --coverage' all check-programs
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@tests/run $(BUILD)/coverage unit replay
	@tests/coverage $(BUILD)/coverage $(COVERAGE_MINIMUM)

## Documents ##################################################################

TABLES = $(BUILD)/tables.md
docs: $(BUILD)/mxcensus	## update the tables of docs/schema.md and tests/README.md, and views.sql, from the code
	@$(BUILD)/mxcensus schema --markdown > $(TABLES)
	@sed -i -e '/^<!-- tables/,/^<!-- end/{//!d}' \
	    -e '/^<!-- tables/r $(TABLES)' docs/schema.md
	@tests/faults/faults.py --markdown > $(TABLES)
	@sed -i -e '/^<!-- faults/,/^<!-- end/{//!d}' \
	    -e '/^<!-- faults/r $(TABLES)' tests/README.md
	@$(BUILD)/mxcensus schema --json | /usr/bin/python3 analysis/census.py \
	    views > $(TABLES)
	@cp $(TABLES) analysis/queries/views.sql

## Looking at the source ######################################################

C_FILES = $(SOURCES) $(shell find scanner parsers analysis -name '*.h') \
	  $(shell find tests/unit -name '*.[ch]') \
	  $(wildcard tests/fuzz/*.c tests/lab/*.[ch] tests/faults/*.c)

layers:		## check which folder includes which, and where unit tests are
	@tests/layers

lint:		## run clang-tidy
	@printf '%s\n' $(SOURCES) | xargs -P 2 -n 8 sh -c 'clang-tidy --quiet \
	    "$$@" -- $(ALL_CPPFLAGS) -std=c11 -DMXCENSUS_VERSION=\"\" \
	    -DMXCENSUS_COMMIT=\"\" -DMXCENSUS_RELEASED=\"\" 2>/dev/null' clang-tidy

format:		## run clang-format in place
	@clang-format -i $(C_FILES)

compile_commands.json: Makefile	## for editors and clang tools
	@{ echo '['; sep=; for f in $(SOURCES); do \
	    printf '%s{"directory":"%s","file":"%s","command":"cc %s -std=c11 -c %s"}\n' \
	    "$$sep" '$(CURDIR)' "$$f" '$(ALL_CPPFLAGS)' "$$f"; sep=,; done; \
	    echo ']'; } > $@

## Installing #################################################################

MAN1	= $(DESTDIR)$(PREFIX)/share/man/man1
BASH_COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
# Debian's zsh looks here for what packages bring, and for what others install.
ZSH_COMPLETIONS	 = $(DESTDIR)$(PREFIX)/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)

# One page for each command, which the program prints.
$(BUILD)/man/made: $(BUILD)/mxcensus
	$(call say,MAN,$(@D))
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)set -e; for page in $$($(BUILD)/mxcensus --man); do \
	    $(BUILD)/mxcensus --man $$page > $(@D)/$$page.1; done
	$(Q)touch $@

$(BUILD)/completion/%: $(BUILD)/mxcensus
	$(call say,SHELL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(BUILD)/mxcensus completion $* > $@

install: all $(BUILD)/man/made $(BUILD)/completion/bash $(BUILD)/completion/zsh	## PREFIX=/usr/local DESTDIR=
	install -d $(DESTDIR)$(PREFIX)/bin $(MAN1)
	install -m 755 $(BUILD)/mxcensus $(DESTDIR)$(PREFIX)/bin/mxcensus
	install -m 644 $(BUILD)/man/*.1 $(MAN1)
	install -d $(BASH_COMPLETIONS) $(ZSH_COMPLETIONS)
	install -m 644 $(BUILD)/completion/bash $(BASH_COMPLETIONS)/mxcensus
	install -m 644 $(BUILD)/completion/zsh $(ZSH_COMPLETIONS)/_mxcensus

uninstall:	## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/mxcensus
	rm -f $(MAN1)/mxcensus.1 $(MAN1)/mxcensus-*.1
	rm -f $(BASH_COMPLETIONS)/mxcensus $(ZSH_COMPLETIONS)/_mxcensus

## Packages ###################################################################

DIST	 = $(BUILD)/dist/mxcensus-$(VERSION).tar.gz
dist:		## the source of the commit as a tarball, always the same bytes
	@packaging/dist mxcensus-$(VERSION) $(DIST)
	@sha256sum $(DIST)

deb:		## the Debian package, in build/deb
	@packaging/deps build deb
	@BUILD='$(BUILD)' packaging/deb

image:		## the container image, with podman, buildah or docker (BUILDER=)
	@BUILDER='$(BUILDER)' packaging/image

clean:		## remove everything that was built (also runs in build/)
	rm -rf $(BUILD) compile_commands.json

help:		## show this list
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / { t = $$1; sub(/:.*/, "", t); \
	    printf "  %-22s %s\n", t, $$2 }' $(MAKEFILE_LIST)

-include $(OBJECTS:.o=.d) $(addsuffix .d,$(UNIT) $(REPLAY) $(LAB))
