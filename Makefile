# One line per target: `make help`. Everything works from a clean clone with python3, its venv module and make.
.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-system test-real compose-test client nightly faults check lint types alone bench bench-report lock docs site release offline december clean
SHELL := /bin/bash

PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
DATA   ?= data
PORT   ?= 8080
SEED   ?= 1
N      ?= 25
P      ?= 1
TOWNS  ?= 200
RUNS   ?= 5
TESTS  ?= tests
# Each test is in one of three: alone (`make check`), a part on its servers (`make test`), the whole (`make test-system`).
ALONE  := tests/architecture tests/unit
SYSTEM := tests/console tests/e2e tests/faults \
	$(addprefix tests/integration/,audit desk documents host interrupted ratings transport)
XDIST  := -n 3 --dist loadfile --no-loadscope-reorder

# Compiling all modules anew costs each process that starts four seconds.
unexport PYTHONDONTWRITEBYTECODE

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.txt pyproject.toml scripts/setup
	@PYTHON=$(PYTHON) scripts/setup
	@touch $@

setup: $(READY)  ## the environment in .venv, exactly as locked

demo: $(READY)  ## the whole story on the example: import, rate, close, document; results in ./out
	$(BIN)/lvzhi demo

run: $(READY)  ## all services on http://127.0.0.1:8080, data in ./data (PORT=, DATA=)
	$(BIN)/lvzhi serve --port $(PORT) --data $(DATA)

test: $(READY)  ## each part on real RabbitMQ and MongoDB wire protocol
	@scripts/test-deps
	$(BIN)/python -m pytest $(XDIST) $(addprefix --ignore=,$(ALONE) $(SYSTEM))

test-system: $(READY)  ## the whole system: in the browser, on paper, through its public doors, killed and under faults
	@scripts/test-deps && scripts/clients
	$(BIN)/python -m pytest $(XDIST) $(SYSTEM)

test-real: $(READY)  ## what speaks to them on servers that are there (MONGODB_URL=, AMQP_URL=, TESTS=), for docs/operating.md
	@test -n "$(MONGODB_URL)" -a -n "$(AMQP_URL)" || { echo "make test-real MONGODB_URL=… AMQP_URL=…" >&2; exit 2; }
	MONGODB_URL="$(MONGODB_URL)" AMQP_URL="$(AMQP_URL)" $(BIN)/python -m pytest -q -p tests.fixtures.real $(TESTS)

compose-test: $(READY)  ## the whole compose file: built, used, killed, scaled, rolled (REAL=1: by the images of the registries)
	@scripts/compose-deps
	REAL="$(REAL)" $(BIN)/python -m pytest -q -m nightly tests/compose

client: $(READY)  ## clients in Python from services/contract/openapi.json by two generators, built and tried on a running system
	@scripts/test-deps && scripts/clients
	$(BIN)/python -m pytest -q -n 0 -m nightly tests/e2e/test_generated_clients.py -k "client or models"

nightly: $(READY)  ## every test and what takes long or needs more: old browsers, linters of the contract, hundreds of plans of faults
	@scripts/test-deps && scripts/compose-deps && scripts/old-browsers && scripts/linters && scripts/clients
	FUZZ_SEED=$$RANDOM $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "nightly or not nightly"
	FAULTS_SEED=$$RANDOM FAULTS_N=200 $(BIN)/python -m pytest -q tests/faults
	FAULTS_SEED=$$RANDOM FAULTS_N=20 FAULTS_PARTITIONS=3 $(BIN)/python -m pytest -q tests/faults

faults: $(READY)  ## seeded plans of faults against the calm year (SEED=, N=, P= partitions); `make test-system` runs a few
	@scripts/test-deps
	FAULTS_SEED=$(SEED) FAULTS_N=$(N) FAULTS_PARTITIONS=$(P) $(BIN)/python -m pytest -q -m "nightly or not nightly" tests/faults

check: $(READY)  ## what needs no infrastructure, side by side: lint, format, types, import rules, architecture and unit tests
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target lint types alone

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

types: $(READY)
	$(BIN)/mypy

alone: $(READY)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(ALONE)

bench: $(READY)  ## the benchmarks, as ratios to peers measured in the same run
	@scripts/test-deps
	$(BIN)/python -m benchmarks

bench-report: $(READY)  ## docs/benchmarks.md anew: medians of RUNS= runs of every path, about an hour on a quiet machine
	@scripts/test-deps
	$(BIN)/python -m benchmarks --runs $(RUNS) --report docs/benchmarks.md

december: $(READY)  ## December of a province in small, and what it means for 1,500 towns (TOWNS=); see docs/scale.md
	@scripts/test-deps
	$(BIN)/python -m benchmarks.december --towns $(TOWNS)

lock: $(READY)  ## the lock files anew from pyproject.toml: all of it, and what a service needs alone
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --all-extras --no-header \
		--no-emit-index-url pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --extra build -c requirements.txt pyproject.toml -o requirements-service.txt

docs: $(READY)  ## what the code says of itself: pages of docs/, and routes on the services' cards
	$(BIN)/python -m scripts.describe

site: $(READY) docs  ## all documentation as a site in build/site, without a network; a broken link fails
	$(BIN)/python -m scripts.site

release: $(READY)  ## wheel, image, offline packages, bill of materials, audit, checksums in build/release (KEY=: private key of ssh-keygen that signs)
	$(BIN)/python -m scripts.release $(if $(KEY),--key $(KEY))

offline: $(READY)  ## the offline packages alone
	$(BIN)/python -m scripts.release --offline

clean:  ## everything that can be made again, but not the data
	rm -rf .cache .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build out
