# Funcsmith. `make help` lists what there is; nothing here needs root.

# The Python to build the environment with; any from 3.10 on: make demo PYTHON=python3.12
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1 && echo "$$p" && break; done)
endif

VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/made-$(shell printf '%s' '$(CURDIR)' | cksum | cut -d' ' -f1)
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt
CODE := src tests benchmarks
# `train` brings PyTorch, which may be gigabytes: make test EXTRAS=dev leaves the tests of training out.
EXTRAS ?= dev,train
comma := ,
DEV := $(VENV)/installed-$(subst $(comma),-,$(EXTRAS))
# In the usual home, so that tests and demo fetch a model once. FUNCSMITH_MODELS moves it.
MODELS := $(or $(FUNCSMITH_MODELS),$(or $(FUNCSMITH_HOME),$(HOME)/.funcsmith)/models)

.DEFAULT_GOAL := help
.PHONY: help demo test format lint types docs bench clean
# One at a time: pip cannot install twice into one environment.
.NOTPARALLEL:
.DELETE_ON_ERROR:

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /|/' | \
		while IFS='|' read -r target does; do printf '  make %-8s %s\n' "$$target" "$$does"; done

demo: $(VENV)/installed ## Install into .venv, fetch the model, run two sentences
	@echo
	@echo '1. The model (fetched once, checked by its sha256, kept in $(MODELS))'
	@$(BIN)/funcsmith models pull default
	@echo
	@echo '2. A sentence in Chinese'
	@echo '$$ funcsmith "给定一个正整数 n，输出 n 的阶乘。"'
	@$(BIN)/funcsmith "给定一个正整数 n，输出 n 的阶乘。" </dev/null
	@echo
	@echo '3. A sentence in English, with its values in it'
	@echo '$$ funcsmith "A recipe needs 350 ml of milk for 4 people. How much milk for 7 people?"'
	@$(BIN)/funcsmith "A recipe needs 350 ml of milk for 4 people. How much milk for 7 people?" </dev/null
	@echo
	@echo 'Your turn: $(BIN)/funcsmith "…"   (functions kept: $(BIN)/funcsmith library list)'

test: $(DEV) lint types ## Run every check and test (fetches the small model, 491 MB)
	@$(BIN)/funcsmith models pull small >/dev/null || { \
		echo 'The small model is needed by the tests marked "model".' >&2; \
		echo 'Without it: $(BIN)/python -m pytest -m "not model"' >&2; exit 1; }
	@FUNCSMITH_MODELS="$(MODELS)" $(BIN)/python -m pytest -q

format: $(DEV) ## Put the code into its form, mend what can be mended
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

lint: $(DEV) ## Check form and rules (ruff)
	@$(BIN)/ruff format --check --output-format concise $(CODE) || { echo 'Not in its form: make format' >&2; exit 1; }
	@$(BIN)/ruff check --quiet $(CODE)

types: $(DEV) ## Check the types (mypy, strict)
	@$(BIN)/mypy --no-error-summary

docs: $(DEV) ## Check that what the documents say is so
	@$(BIN)/python -m pytest -q tests/test_docs.py tests/test_project.py

bench: $(DEV) ## Measure: our own texts with the default model (long; see benchmarks/)
	@$(BIN)/funcsmith models pull default
	@$(BIN)/funcsmith evaluate texts

clean: ## Remove the environment and the caches of tools; models and functions stay
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. Stamps say what is in it; one that was torn, or moved with its folder, is made anew.

.PHONY: python
python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
		echo 'Funcsmith needs Python 3.10 or newer: make … PYTHON=/path/to/python3' >&2; \
		echo '需要 Python 3.10 或更新版本：make … PYTHON=/路径/python3' >&2; \
		echo "Found: $$("$(or $(PYTHON),python3)" --version 2>&1 | head -n 1)" >&2; exit 1; fi
	@if ! "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo 'This Python has no venv module. On Debian and Ubuntu: sudo apt install python3-venv' >&2; \
		echo '此 Python 缺少 venv 模块。Debian/Ubuntu：sudo apt install python3-venv' >&2; exit 1; fi

$(MADE): | python
	@if [ -d $(VENV) ] && [ ! -e $(VENV)/pyvenv.cfg ] && [ -n "$$(ls -A $(VENV))" ]; then \
		echo '$(VENV) is in the way and is no environment: move it.' >&2; exit 1; fi
	@echo "Making $(VENV) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

$(VENV)/installed: $(MADE) pyproject.toml constraints.txt
	@echo 'Installing Funcsmith and what it needs into $(VENV) (a minute or two)'
	@$(PIP) --editable .
	@touch $@

$(DEV): $(MADE) pyproject.toml constraints.txt
	@echo 'Installing Funcsmith with its development tools into $(VENV) (a minute or two)'
	@$(PIP) --editable '.[$(EXTRAS)]'
	@touch $(VENV)/installed $@
