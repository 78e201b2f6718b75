# make demo · make run · make test · make bench · make mutants · make lint · make screens: each sets up what it needs by itself.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo run test test-office bench mutants lint screens guides setup
.DEFAULT_GOAL := demo

setup: $(READY)

$(READY): .ci/requirements.txt pyproject.toml
	@.ci/set-up $(PYTHON) $(VENV)
	@touch $@

demo: setup
	@$(BIN)/python -m bot demo

run: setup
	@$(BIN)/python -m bot run

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

test: setup lint
	@.ci/test-programs
	$(BIN)/pytest -n 2 --dist loadfile

test-office: setup
	@.ci/office-programs
	$(BIN)/pytest -m office

screens: setup
	$(BIN)/python -m tests.screens

guides: setup
	$(BIN)/python -m tests.browser.guides

# aiogram is only compared with; its pydantic isn't ours, so it has an environment of its own.
bench: setup
	@test -x .venv-aiogram/bin/python || ($(PYTHON) -m venv .venv-aiogram && .venv-aiogram/bin/pip install --quiet aiogram==3.31.0)
	$(BIN)/python -m tests.bench $(ONLY)

# How often the tests notice a small change of the code; part of no other target, since it takes an hour.
mutants: setup
	@test -x .venv-mutants/bin/cosmic-ray || ($(PYTHON) -m venv .venv-mutants && .venv-mutants/bin/pip install --quiet cosmic-ray==8.7.0)
	$(BIN)/python -m tests.mutants $(ONLY)
