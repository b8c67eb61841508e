# Two commands matter: `make run` and `make test`. The others are for developers.
PYTHON ?= python3
PORT ?= 8000
DEMO ?= 1
VENV_PYTHON := .venv/bin/python
.DEFAULT_GOAL := run
.PHONY: run test test-fast bench screenshots lint format lock messages clean install install-dev

install:
	@$(PYTHON) scripts/bootstrap.py

install-dev:
	@$(PYTHON) scripts/bootstrap.py --dev

# Start everything on this machine: http://localhost:8000/. DEMO=0 starts without demo data.
run: install
	@PORT=$(PORT) DEMO=$(DEMO) exec $(VENV_PYTHON) -m crm_project.launcher

# Everything that must hold before a change is merged; see docs/testing.md.
test: install-dev
	@exec $(VENV_PYTHON) scripts/test.py

# The quick part: tests on SQLite, without a browser.
test-fast: install-dev
	@exec $(VENV_PYTHON) scripts/test.py --fast

# Speed, as JSON and as a table; BENCH="--sizes 10000" and other options are passed on.
bench: install-dev
	@exec $(VENV_PYTHON) -m bench $(BENCH)

screenshots: install-dev
	@exec $(VENV_PYTHON) scripts/screenshots.py

lint: install-dev
	@exec $(VENV_PYTHON) scripts/test.py --lint

format: install-dev
	.venv/bin/ruff check --fix --exit-zero .
	.venv/bin/ruff format .

# Compile the two lock files again after a change in a .in file.
lock: install
	$(VENV_PYTHON) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 requirements.in -o requirements.txt
	$(VENV_PYTHON) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 -c requirements.txt requirements-dev.in -o requirements-dev.txt

# Collect the texts to translate (needs gettext), then compile.
messages: install
	$(VENV_PYTHON) manage.py makemessages --locale zh_Hans --no-obsolete --add-location file $(foreach d,.venv var tests bench scripts,--ignore $(d))
	$(VENV_PYTHON) manage.py compile_translations

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
