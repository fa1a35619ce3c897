# `make` alone lists the targets. Everything lands in .venv and in the state folder.

PYTHON ?= python3
PROMPT ?= a shy water dragon who loves books
BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix clients/web --loglevel error

# As it stands: a dollar in a sentence is a dollar.
override PROMPT := $(value PROMPT)
export PROMPT
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help hatch up down test check format protos page locks bench soak faults fuzz screens samples clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

hatch: .venv/.runtime ## hatch a companion: make hatch PROMPT="a brave mouse knight"
	@$(BIN)/hatchery hatch -- "$$PROMPT"

up: .venv/.runtime ## keep the local stack in the foreground: make up REPLICAS=3
	@exec $(BIN)/hatchery up $(if $(REPLICAS),--replicas $(REPLICAS))

down: .venv/.runtime ## stop a stack that runs in the background
	@$(BIN)/hatchery down

test: .venv/.dev clients/web/node_modules/.installed ## run every test
	$(NPM) test
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile \
	  --ignore tests/faults/test_faults.py
	$(BIN)/python -m pytest tests/faults/test_faults.py

check: .venv/.dev clients/web/node_modules/.installed ## format, lint, types, import contracts, protos, page
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	protos/check
	clients/web/check

format: .venv/.dev clients/web/node_modules/.installed ## format the code and mend what can be mended
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/buf format --write protos
	$(NPM) run format

protos: .venv/.dev clients/web/node_modules/.installed ## write the generated code of the contract
	protos/generate

page: .venv/.dev clients/web/node_modules/.installed ## build the page that Envoy serves
	$(NPM) run build

locks: .venv/.dev ## write the locks anew
	locks/compile

bench: .venv/.dev ## measure, in one run, as ratios
	$(BIN)/python -m tests.bench

soak: .venv/.dev ## everyday life for long, and whether memory climbs: make soak MINUTES=30
	$(BIN)/python -m tests.bench.soak $(if $(MINUTES),--minutes $(MINUTES))

faults: .venv/.dev ## break everything at random: make faults MINUTES=60 SEED=1 EMBEDDED=1
	$(BIN)/python -m tests.faults $(if $(EMBEDDED),--embedded) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

fuzz: .venv/.dev ## nonsense for every RPC: make fuzz CASES=1000000 SEED=1
	$(BIN)/python -m tests.fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED))

screens: .venv/.dev clients/web/node_modules/.installed ## take the documents' pictures of the page anew
	$(BIN)/python -m pytest -n 0 tests/e2e/browser/test_looks.py -k looked
	for picture in $$(grep -oh '[a-z]*-[a-z]*-[a-z]*\.png' docs/page/README.md | sort -u); do \
	  cp ".cache/looks/$$picture" docs/page/; done

samples: .venv/.dev ## make the documents' sample companions and pictures anew
	$(BIN)/python docs/samples/make.py

clean: ## remove what make has made, but no companions
	rm -rf clients/web/node_modules .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Installed with hashes from a lock; the project itself is linked into the environment.
.venv/.runtime: locks/hatchery.txt pyproject.toml
	@$(call install,locks/hatchery.txt)
	@touch $@

.venv/.dev: locks/dev.txt pyproject.toml
	@$(call install,locks/dev.txt)
	@touch .venv/.runtime $@

# Node comes from a wheel; only who changes the page or runs the tests needs it.
clients/web/node_modules/.installed: clients/web/package-lock.json .venv/.dev
	$(NPM) ci
	@touch $@

define install
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "make: Hatchery needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "make: Python's venv is missing: apt-get install python3-venv" >&2; exit 1; }
	echo "Installing what $(1) lists; the first time takes a minute …"
	$(BIN)/pip install --quiet --progress-bar off --require-hashes --no-deps -r $(1)
	$(BIN)/pip install --quiet --progress-bar off --no-deps --no-build-isolation -e .
endef
