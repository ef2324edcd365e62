# `make chat` and `make test` are all that a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: chat test install install-dev check lock screenshot benchmark clean

chat: install  ## install everything into .venv and open the chat on 127.0.0.1:7860
	$(BIN)/assistant serve

test: install-dev  ## format, lint, types, import contracts and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

install: $(VENV)/.installed  ## .venv with the package and its `assistant` command

install-dev: $(VENV)/.installed-dev

# The version of Python is checked first: an old one fails late and unclearly.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dateline needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV): this takes some minutes the first time."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

lock:  ## write the requirements files anew (needs uv)
	uv pip compile pyproject.toml --extra build --extra fetch --extra pdf --extra docx --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --extra build --extra fetch --extra pdf --extra docx --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -c requirements.txt -o requirements-dev.txt
	uv pip compile pyproject.toml --extra build --extra fetch --extra pdf --extra docx --extra mcp --extra postgres --extra otel --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -c requirements-dev.txt -o requirements-server.txt

screenshot: install-dev  ## docs/chat.png, made from the sample library in a real browser
	$(BIN)/python docs/make_screenshots.py

benchmark: install-dev  ## the timings of docs/benchmarks.md; DATA=folder of the development sets
	$(BIN)/python -m tests.benchmarks $(DATA)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
