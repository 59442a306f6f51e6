# SPDX-License-Identifier: Apache-2.0
# The usual targets; the build itself is Meson's.
BUILD ?= build

.PHONY: all demo check bench docs dist deb static install clean

all: $(BUILD)/build.ninja
	ninja -C $(BUILD)

# a real step on a copy of the example fleet
demo:
	tools/setup build
	$(MAKE) all
	tools/demo $(BUILD)/promote

# SUITES="docs race": only these of the tests
check:
	tools/setup build test
	$(MAKE) $(BUILD)/build.ninja
	meson configure $(BUILD) -Dtests=enabled
	$(MAKE) all
	meson test -C $(BUILD) --print-errorlogs $(SUITES:%=--suite=%)

# QUICK=1: less than two minutes; PAGE=1: the figures go into docs/performance.md
BENCH_TARGETS = promote $(addprefix bench/,make_fleet floor_one floor_step peak)
bench:
	tools/setup build bench
	[ -d build-bench ] || meson setup build-bench --buildtype=release
	ninja -C build-bench $(BENCH_TARGETS)
	bench/bench.py $(if $(QUICK),--quick) $(if $(PAGE),--page docs/performance.md) --json build-bench/bench.json build-bench

# what is made from other files and kept in docs/: the pictures, the man pages as HTML and markdown
docs:
	tools/setup build docs
	$(MAKE) all
	tools/picture $(BUILD)/promote docs/step.svg
	tools/diagram
	tools/manual docs/man

# the tarball of the last commit
dist:
	tools/setup deb
	tools/dist $(BUILD)/dist

# the Debian package of the sources as they are here
deb:
	tools/setup build deb
	tools/deb $(BUILD)/deb

# one file that needs no library: make static ARCH=arm64, make static LIBC=musl
static:
	tools/static $(or $(ARCH),$(shell dpkg --print-architecture)) $(LIBC)

install: all
	meson install -C $(BUILD)

clean:
	rm -rf $(BUILD) build-bench build-fuzz build-static

$(BUILD)/build.ninja:
	meson setup $(BUILD)
