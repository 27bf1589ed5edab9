# Two doors: `make demo` sees a class graded, `make test` sees every check pass.
# Both make .venv first when it is missing; nothing else is needed but Python 3.11 or newer.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

# `make site` builds the course's website into build/site/; with OFFLINE=1 it asks no other machine for anything.

.PHONY: demo test style types generated attacks thorough bench site links build venv lock clean

demo: venv
	$(BIN)/autograder demo

test: venv
	$(MAKE) --jobs 2 style types generated
	$(BIN)/pytest --numprocesses 2 --dist loadgroup

style: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	find source -name '*.ipynb' -exec $(BIN)/nbstripout --keep-id --verify {} +

types: venv
	$(BIN)/mypy

generated: venv
	$(BIN)/autograder build --check
	$(BIN)/pytest --nbval --nbval-sanitize-with tests/nbval-sanitize.cfg solutions

bench: venv
	$(BIN)/python -m benchmarks

attacks: venv
	$(BIN)/pytest --numprocesses 2 --dist loadgroup -m "thorough or not thorough" tests/attacks

thorough: venv
	$(BIN)/pytest --numprocesses 2 --dist loadgroup -m thorough

site: venv
	$(BIN)/python -m website $(if $(OFFLINE),--offline) $(if $(PYODIDE),--pyodide $(PYODIDE))

links: venv
	$(BIN)/python -m website --check-links

build: venv
	$(BIN)/autograder build

venv: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@# pip installs uv, which installs the rest in a fraction of pip's time; where only pip's settings lead to packages, pip does
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	$(PIP) --require-hashes -r .venv/uv.lock
	$(UV) --compile-bytecode --require-hashes -r requirements.lock || $(PIP) --require-hashes -r requirements.lock
	$(UV) --no-deps --no-build-isolation -e .
	@touch $@

lock:
	uv pip compile pyproject.toml --extra lab --group dev --group site --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --no-annotate --output-file requirements.lock
	echo hatchling | uv pip compile pyproject.toml - --extra lab --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --no-annotate --constraints requirements.lock --output-file requirements-grading.lock

clean:
	rm -rf .venv build demo
