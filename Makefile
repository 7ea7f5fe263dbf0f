# Every target says what it does after `##`; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
# targets one at a time: tests and servers share two cores
.NOTPARALLEL:

# the system's first: distributions build theirs with profile-guided optimisation (docs/performance.md)
CANDIDATES := /usr/bin/python3 python3.13 python3.12 python3.11 python3
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
BIN := .venv/bin
STAMP := .venv/.installed
COMPILE := $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: setup
setup: $(STAMP) ## make .venv with the locked requirements; as root also the broker and a font by apt-get (once)

$(STAMP): requirements-dev.lock pyproject.toml
	@for python in $(CANDIDATES); do \
	  if "$$python" -c '$(SUITABLE)' >/dev/null 2>&1; then break; fi; python=; \
	done; \
	[ -n "$$python" ] || { echo "Python 3.11 or newer with its venv module is needed (Debian: python3-venv)" >&2; exit 1; }; \
	[ -x $(BIN)/python ] && $(BIN)/python -c '$(SUITABLE)' 2>/dev/null || "$$python" -m venv --clear .venv
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m ops.packages
	@touch $@

.PHONY: demo
demo: setup ## set up, start everything anew and play the told cases; the portal stays open
	$(BIN)/shaodao demo

.PHONY: up
up: setup ## start everything and wait until it is ready
	$(BIN)/shaodao up

.PHONY: down
down: ## stop what `make demo` and `make up` started
	@for world in demo $${SHAODAO_WORLD:-local}; do \
	  if [ -x $(BIN)/shaodao ] && [ -e .run/$$world/settings.json ]; then SHAODAO_WORLD=$$world $(BIN)/shaodao down; fi; \
	done

.PHONY: migrate
migrate: setup ## bring the tables of the running world (local, or $SHAODAO_WORLD) to the present
	$(BIN)/shaodao migrate

.PHONY: unit
unit: setup ## tests of one process: unit and contract
	$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/unit tests/contract

.PHONY: test
test: unit ## all tests: unit, contract, integration, stories and a short chaos
	@mkdir -p .run; echo "two halves side by side; the other one: .run/tests.log, shown at the end"
	@$(BIN)/python -m pytest tests/integration/chassis tests/integration/departments >.run/tests.log 2>&1 & other=$$!; told=0; \
	trap "kill $$other 2>/dev/null || true" EXIT; \
	$(BIN)/python -m pytest tests/stories tests/chaos tests/integration/ops 2>&1 | tee .run/stories.log || told=$$?; \
	wait $$other || told=$$?; cat .run/tests.log; \
	grep -qE "^(FAILED|ERROR) " .run/stories.log && tail -n 60 .run/stories.log; exit $$told

.PHONY: browser
browser: setup ## the told cases through the system's Chromium: phone, desktop, keyboard, without scripts
	$(BIN)/python -m pytest tests/browser

.PHONY: rules
rules: setup ## the faults people met, each with the test that failed before (docs/rules.md)
	$(BIN)/python -m pytest -q -m rule tests

.PHONY: rows
rows: setup ## what the newspaper texts name, with the tests that prove it, and what is missing (docs/rows.md)
	$(BIN)/python -m tests.marks row

.PHONY: chaos
chaos: setup ## every fault under load: processes, servers, wire, messages; one table: lost 0, doubled 0
	$(BIN)/python -m tests.chaos

.PHONY: cluster
cluster: setup ## what `shaodao up --cluster` needs besides: Patroni into .venv (as root, Debian's etcd-server comes by itself)
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements-cluster.lock

.PHONY: chaos-cluster
chaos-cluster: cluster ## three nodes of each server under load: nodes, wires, disks, clocks, machines fail; one table: lost 0, doubled 0
	$(BIN)/python -m tests.chaos --cluster

.PHONY: chaos-cluster-short
chaos-cluster-short: cluster ## two rows of it: a broker node, and the primary with its Patroni
	$(BIN)/python -m tests.chaos --cluster "broker node 1 kill -9" "primary kill -9, and its Patroni"

.PHONY: test-compose
test-compose: ## build the images, bring compose up, play stories and faults in it, take it down
	deploy/compose/ci

.PHONY: test-compose-cluster
test-compose-cluster: ## the same with three of each server: a story, in which a broker node and the primary die
	deploy/compose/ci cluster

.PHONY: alerts
alerts: setup ## every alert fires on its trouble and on nothing healthy (promtool; as root Debian's prometheus comes by itself)
	@command -v promtool >/dev/null || $(BIN)/python -c "from ops.packages import install; install('prometheus')"
	promtool check rules deploy/prometheus/alerts.yml
	promtool test rules deploy/prometheus/alerts_test.yml

.PHONY: lint
lint: setup ## style, types, imports, contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m contracts check

.PHONY: check
check: lint unit ## style, types, imports, contracts, then the tests of one process

.PHONY: generate
generate: setup ## write asyncapi.yaml, the broker's definitions and Kubernetes' manifests from the code
	$(BIN)/python -m contracts generate
	$(BIN)/python -m deploy.kubernetes generate

.PHONY: places
places: setup ## production files and lines that name a capability: make places CAPABILITY=hazard
	$(BIN)/python -m tools.places $(CAPABILITY)

.PHONY: bench
bench: setup ## measure against floors of the same run
	$(BIN)/python -m bench

.PHONY: lock
lock: setup ## write the lock files anew from requirements*.in
	$(COMPILE) --output-file requirements.lock requirements.in
	$(COMPILE) --output-file requirements-dev.lock requirements-dev.in
	$(COMPILE) --constraints requirements-dev.lock --output-file requirements-cluster.lock requirements-cluster.in

.PHONY: clean
clean: ## stop all worlds and remove them, the environment and caches
	@for world in $(notdir $(patsubst %/settings.json,%,$(wildcard .run/*/settings.json))); do \
	  SHAODAO_WORLD=$$world $(BIN)/shaodao down --wipe; \
	done
	rm -rf .run .venv .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
