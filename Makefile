# What people run. Each target does all its own set-up; logic longer than a line or two is in xtask/.
# Needs: cargo (rustup), Python 3.11 or newer, Node with npm, and the package registries.

CARGO ?= cargo
PYTHON ?= python3
UV := .tools/bin/uv
DICE := target/release/dice
# Where Rust tests find a Python with the SDK's needs; also what pytest, ruff and mypy run in.
TEST_PYTHON := $(CURDIR)/.venv/bin/python

.PHONY: help build demo test test-rust test-python lint clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

build: ## Build the dice binary: target/release/dice
	$(CARGO) build --release --locked --package dice-cli

demo: build ## A question about a photograph, answered both ways, with what each cost
	$(DICE) demo

test: test-rust test-python ## Run all tests

test-rust: .venv build
	DICE_TEST_PYTHON=$(TEST_PYTHON) DICE_UV=$(CURDIR)/$(UV) $(CARGO) test --release --locked --workspace

test-python: .venv build
	DICE_TEST_BINARY=$(CURDIR)/$(DICE) $(TEST_PYTHON) -m pytest python/tests functions

lint: .venv ## Check format, lints, types and licences
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- --deny warnings
	.venv/bin/ruff check python functions
	.venv/bin/ruff format --check python functions
	.venv/bin/mypy python/src functions --config-file python/pyproject.toml
	$(CARGO) xtask architecture
	$(CARGO) xtask licences

clean: ## Remove what was built here; caches of the user are left
	rm -rf target .tools .venv

$(UV):
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

.venv: $(UV) python/pyproject.toml python/uv.lock
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/.venv $(UV) sync --quiet --project python --all-extras --locked
	touch .venv
