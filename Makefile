# The one front door. `make` alone says what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Where Python is kept from writing bytecode, every start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.local/bytecode

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FUNCTIONS := extract enrich validate export api sync
LOCAL := $(BIN)/python -m infra.local

.PHONY: help
help: ## Say what there is
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Use it
.PHONY: demo up down reset status env
demo: $(READY) ## Set up, start, upload an album, and show what becomes of it (KEEP=1 leaves it up)
	@$(BIN)/python -m infra.local.demo $(if $(KEEP),--keep) $(ARGS)

up: $(READY) ## Start the local cloud and all functions in the background
	@$(LOCAL) up

down: $(READY) ## Stop them; data are kept
	@$(LOCAL) down

reset: $(READY) ## Stop them and delete their data
	@$(LOCAL) reset

status: $(READY) ## Say what runs, where, and where its log is
	@$(LOCAL) status

env: $(READY) ## Print the export lines that point any Google client at the local cloud
	@$(LOCAL) env

##@ Operate it (on the running local cloud, or as LINERNOTES_* variables say)
.PHONY: replay redrive
replay: $(READY) ## Rebuild the catalog from what was staged, and compare to the last byte
	@$(BIN)/python -m infra.local.operate replay $(ARGS)

redrive: $(READY) ## Deliver dead letters again (ARGS=subscription)
	@$(BIN)/python -m infra.local.operate redrive $(ARGS)

##@ Work on it
.PHONY: setup check format lint types imports tf-check shell-check test test-browser coverage chaos bench fit-audio train compare-models fit-matching
setup: $(READY) ## Install everything into .venv

check: lint types imports tf-check ## Everything that can be told without running it

format: $(READY) ## Put the code in its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(READY) ## Check form and habits
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY) ## Check types
	$(BIN)/mypy

imports: $(READY) ## Check who may import whom
	$(BIN)/lint-imports

tf-check: $(READY) ## Check the Terraform code without a cloud
	@$(BIN)/python -m scripts.terraform_check

test: $(READY) ## Run all tests (ARGS=… goes to pytest)
	@scripts/test $(ARGS)

coverage: $(READY) ## Run all tests and say what they did not reach
	@scripts/test --coverage

test-browser: $(READY) ## Run the tests that need a browser (installs Chromium where root)
	@scripts/test-browser

chaos: $(READY) ## Kill, repeat and reorder for minutes, then count what was lost or doubled
	@$(BIN)/python -m tests.chaos $(ARGS)

bench: $(READY) ## Measure (ONLY=name for one benchmark)
	@$(BIN)/python -m benchmarks $(ONLY)

fit-audio: $(READY) ## Fit tempo, key and their confidence (DATA=folders with an index.csv)
	@$(BIN)/python -m shared.audio.fit $(DATA)

train: $(READY) ## Teach a model a tenant's decided reviews (ENV=local ARGS="--tenant t --field genre")
	@$(BIN)/python -m infra.local.learning train --env $(or $(ENV),local) $(ARGS)

compare-models: $(READY) ## Say which model was right more often (ENV=local ARGS="--tenant t --field genre")
	@$(BIN)/python -m infra.local.learning compare --env $(or $(ENV),local) $(ARGS)

fit-matching: $(READY) ## Fit what comparisons of records are worth (DATA=folder of labelled pairs)
	@$(BIN)/python -m scripts.fit_matching $(DATA)

##@ Ship it
.PHONY: lock stage package smoke
lock: $(READY) ## Pin all requirements anew, with hashes, from pyproject.toml
	@scripts/lock

stage: $(READY) ## Lay out each function's deploy unit in build/functions
	@$(BIN)/python -m scripts.stage $(FUNCTIONS)

package: stage ## Zip the deploy units, named by what is in them
	@$(BIN)/python -m scripts.package $(FUNCTIONS)

smoke: package ## Install, start and call each packaged function
	@$(BIN)/python -m scripts.smoke $(FUNCTIONS)

$(READY): requirements-dev.txt
	@PYTHON=$(PYTHON) scripts/setup
	@touch $@
