# Every target sets up .venv by itself. A stamp remembers that pyproject.toml was installed, so that
# a second run asks nothing of the network.

PYTHON ?= python3
BIN := .venv/bin
# The tests start hundreds of processes that import the same modules: their bytecode is kept.
unexport PYTHONDONTWRITEBYTECODE
# JupyterLab refuses to run as root, as inside a container, unless it is told that this is meant.
AS_ROOT = $(shell [ "$$(id -u)" -ne 0 ] || echo --allow-root)

# The checks of the JavaScript, where there is npm; without it the tests say that they are skipped.
WEB = $(if $(shell command -v npm),node_modules/.stamp)

.PHONY: lab test quick bench docs format binder clean

# The extra [test] contains [lab], so where the tests have run nothing more is installed.
lab: $(or $(wildcard .venv/test.stamp),.venv/lab.stamp)
	$(BIN)/jupyter lab $(AS_ROOT) notebooks

# One notebook stays on one worker (loadfile), because its cells need each other's results. The files
# keep the order of tests/conftest.py: the longest begin, so that no worker is left with one at the end.
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test: .venv/test.stamp $(WEB)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(PYTEST) --nbval-lax tests $(wildcard notebooks)

# All but the slow tests, the browser and the notebooks: for every save.
quick: .venv/test.stamp $(WEB)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(PYTEST) -q -m "not slow and not browser" --ignore tests/browser tests

bench: .venv/bench.stamp
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/cpu.py
	$(BIN)/python benchmarks/winograd.py
	$(BIN)/python benchmarks/gpu.py
	$(BIN)/python benchmarks/soak.py
	$(BIN)/python benchmarks/accuracy.py
	$(BIN)/python benchmarks/views.py
	$(BIN)/python benchmarks/trainer.py --minutes 10
	$(BIN)/python benchmarks/lesson_claims.py

# The documentation, in site/. It is built without a network and fails at a warning.
docs: $(or $(wildcard .venv/test.stamp),.venv/docs.stamp)
	$(BIN)/mkdocs build --quiet
	@echo "Open site/index.html"

format: .venv/test.stamp $(WEB)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(if $(WEB),npx prettier --write --log-level warn cnnlab tests/web eslint.config.js)

binder:
	@$(PYTHON) tools/binder.py

clean:
	rm -rf .venv node_modules build dist site *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

node_modules/.stamp: package.json package-lock.json
	npm ci --silent
	@touch $@

.venv/%.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; v = tuple(sys.version_info)[:3]; sys.exit(v < (3, 11) and \
	  "cnnlab needs Python 3.11 or newer, but $(PYTHON) is %d.%d.%d: add PYTHON=python3.12 (or newer) to the command." % v)'
	@echo "Setting up .venv with the extra [$*]: a few minutes, this once."
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[$*]"
	@touch $@
