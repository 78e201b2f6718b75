# make demo · make run · make test · make bench · make mutants · make lint · make screens: each sets up what it needs by itself.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# What only tests and checks need is no part of running it.
READY_FOR_TESTS := $(VENV)/ready-for-tests
READY_TO_COMPARE := .venv-aiogram/ready
# Where Python or pip is gone (left half made, Debian upgraded) nothing is ready.
$(shell $(BIN)/python -c 'import pip' 2>/dev/null || rm -f $(READY) $(READY_FOR_TESTS))

# What there is to make.
help:
	@echo 'make demo     the whole program without a token, in the browser (PORT=8770 HOST=127.0.0.1)'
	@echo 'make run      the bot, with the settings of .env'
	@echo 'make test     lint and all tests'
	@echo 'make lint     formatting, lint, import directions, types'
	@echo 'make setup    the virtual environment .venv, with what running needs (setup-for-tests: with all)'
	@echo 'make screens  docs/screens.md anew; make guides  the pictures of the guides anew'
	@echo 'make catalogue  the compiled texts of the command line anew'
	@echo 'make bench    what it costs (ONLY="answering growth"); make mutants  how much the tests notice'

.PHONY: help demo run test test-office bench mutants lint screens catalogue guides setup setup-for-tests
.DEFAULT_GOAL := demo

setup: $(READY)

setup-for-tests: $(READY_FOR_TESTS)

$(READY): .ci/requirements.txt pyproject.toml
	@.ci/set-up $(PYTHON) $(VENV) $<
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(READY_FOR_TESTS): .ci/test-requirements.txt $(READY)
	@.ci/set-up $(PYTHON) $(VENV) $<
	@touch $@

# aiogram is only compared with; its pydantic isn't ours, so it has an environment of its own.
$(READY_TO_COMPARE): .ci/bench-requirements.txt
	@.ci/set-up $(PYTHON) .venv-aiogram $<
	@touch $@

demo: setup
	@$(BIN)/python -m bot demo $(if $(PORT),--port $(PORT)) $(if $(HOST),--host $(HOST))

run: setup
	@$(BIN)/python -m bot run

lint: setup-for-tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

# Three workers on two cores: tests of the running bot wait for its pauses nearly half of their time.
# The order is that of tests/conftest.py; xdist's own begins with the files of many short tests.
test: lint
	@.ci/test-programs
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

test-office: setup-for-tests
	@.ci/office-programs
	$(BIN)/pytest -m office

screens: setup-for-tests
	$(BIN)/python -m tests.screens

# gettext, and so click, reads only compiled catalogues.
catalogue: setup-for-tests
	$(BIN)/pybabel compile --domain commandline --directory handlers/locales --locale vi

guides: setup-for-tests
	$(BIN)/python -m tests.browser.guides

bench: setup-for-tests $(READY_TO_COMPARE)
	$(BIN)/python -m tests.bench $(ONLY)

# How often the tests notice a small change of the code; part of no other target, since it takes an hour.
mutants: setup-for-tests
	@test -x .venv-mutants/bin/cosmic-ray || ($(PYTHON) -m venv .venv-mutants && .venv-mutants/bin/pip install --quiet cosmic-ray==8.7.0)
	$(BIN)/python -m tests.mutants $(ONLY)
