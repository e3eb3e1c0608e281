# `make run` and `make test` need a Python >= 3.12; all that they install goes into .venv.
# PYTHON=... names the interpreter that .venv is made with; ARGS=... is passed on to the command.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run results test test-slow test-all mutants bench lint format typecheck check clean install \
	install-dev install-bench explorer

# Two test processes whose linear algebra took all cores each would wait for each other.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

BIN := .venv/bin/python
PYTEST := $(BIN) -m pytest -n 2

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: install  ## a first look: draw the case, sweep right_momentum, print what came out
	@$(BIN) -m experiments first-look $(ARGS)

results: install-dev  ## remake results/published: every experiment at laptop scale; tells how long
	@$(BIN) -m experiments.cli.publish $(ARGS)

test: install-dev  ## the tests, without the slow ones
	@$(PYTEST) -m "not slow" $(ARGS)

test-slow: install-dev  ## only the slow tests
	@$(PYTEST) -m slow $(ARGS) || { [ $$? = 5 ] && echo "there are no slow tests"; }

test-all: install-dev  ## all tests
	@$(PYTEST) $(ARGS)

mutants: install-dev  ## mutation testing: breaks the model in drawn places, lists what no test sees
	@$(BIN) -m tests.mutants $(ARGS)

contradictions: install-dev  ## search a world in which each claim is contradicted (ARGS=SEED; about nine minutes)
	@$(BIN) -m docs.make_contradictions

test-next-mesa: install-dev  ## the tests against Mesa's next pre-release, in .venv-next; may fail
	@$(BIN) -m venv --clear .venv-next
	@.venv-next/bin/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@.venv-next/bin/python -m pip install -qq --disable-pip-version-check --pre -U 'mesa>=4.0a0'
	@.venv-next/bin/python -m pytest -n 2 -m "not slow" tests/sim tests/cli tests/execution $(ARGS)

coverage: install-dev  ## the tests, without the slow ones, and which lines they run
	@COVERAGE_CORE=sysmon $(PYTEST) -m "not slow" --cov=sim --cov=experiments --cov=view --cov-report=term:skip-covered $(ARGS)

docs: install-dev  ## check the documentation, and build its site in site/
	@$(BIN) -m pytest -q tests/test_docs.py tests/test_data_dictionary.py $(ARGS)
	@NO_MKDOCS_2_WARNING=1 $(BIN) -m mkdocs build --strict

docs-pages: install-dev  ## write the pages that are made from declarations
	@for page in parameters dictionary trace; do $(BIN) -m docs.make_$$page; done

docs-figures: install-dev  ## make every picture of README and docs anew (some ten minutes; needs Chromium)
	@$(BIN) -m docs.make_figures

wheel: install-dev  ## build the wheel, install it into an empty environment and run it
	@$(BIN) -m pytest -q -m slow tests/test_wheel.py $(ARGS)

pins: install-dev  ## say where the environment differs from constraints.txt
	@$(BIN) -m pytest -q tests/test_environment.py $(ARGS)

explorer: install-dev  ## build results/published/explorer.html: the model and an article in one file
	@$(BIN) -m explorer.build $(ARGS)

bench: install-bench  ## how fast it is: measures, and writes benchmarks/RESULTS.md
	@$(BIN) -m benchmarks $(ARGS)

lint: install-dev  ## check style and format
	@$(BIN) -m ruff check .
	@$(BIN) -m ruff format --check .

format: install-dev  ## mend style and format
	@$(BIN) -m ruff check --fix-only .
	@$(BIN) -m ruff format .

typecheck: install-dev  ## check types
	@$(BIN) -m mypy $(wildcard momentum sim experiments view explorer)

check: lint typecheck test  ## what a commit should pass

clean:  ## remove .venv and the caches; results stay
	rm -rf .venv .venv-next .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@extra='[view]'; stamps=.venv/.core; $(install_into_venv)

install-dev:
	@extra='[dev]'; stamps='.venv/.core .venv/.dev'; $(install_into_venv)

install-bench:
	@extra='[dev,bench]'; stamps='.venv/.core .venv/.dev .venv/.bench'; $(install_into_venv)

# Installs '.$extra', unless the last of $stamps tells that it is there: a stamp holds what was
# installed from. .venv/.installing holds the number of the process that installs; left by one that
# was interrupted, it makes the next call start .venv afresh.
define install_into_venv
set -eu; \
wanted() { pwd; cat pyproject.toml constraints.txt; }; \
usable='import sys; sys.version_info < (3, 12) and sys.exit("%d.%d.%d" % sys.version_info[:3])'; \
venv='from importlib.util import find_spec as has; has("venv") and has("ensurepip") \
or sys.exit("has no venv or ensurepip (on Debian: apt install python3-venv)")'; \
other=$$(cat .venv/.installing 2>/dev/null || :); \
case "$$(ps -o stat= -p "$${other:-none}" 2>/dev/null || :)" in \
  ""|Z*) ;; \
  *) echo "process $$other is installing into .venv: try again later, or make clean" >&2; exit 1;; \
esac; \
if [ -e .venv/.installing ] || ! $(BIN) -c "$$usable; import pip" 2>/dev/null; then \
  if [ -n "$${PYTHON:-}" ]; then set -- "$$PYTHON"; \
  else set -- python3.14 python3.13 python3.12 python3 python; fi; \
  python=; found=; \
  for name; do \
    command -v "$$name" >/dev/null || continue; \
    if reply=$$("$$name" -c "$$usable; $$venv" 2>&1); then python=$$name; break; fi; \
    reply=$$(printf '%s\n' "$$reply" | head -n 1); \
    found="$$found; $$name: $${reply:-does not run}"; \
  done; \
  if [ -z "$$python" ]; then \
    echo "no usable Python >= 3.12 among: $$*$${found:-; found none of them}" >&2; exit 1; \
  fi; \
  echo "making .venv with $$python ($$("$$python" --version))"; \
  "$$python" -m venv --clear --without-pip .venv; \
  echo $$$$ > .venv/.installing; \
  $(BIN) -m ensurepip --default-pip >/dev/null; \
fi; \
if ! wanted | cmp -s - "$${stamps##* }"; then \
  echo "installing coop-momentum$$extra into .venv: may take some minutes"; \
  echo $$$$ > .venv/.installing; \
  rm -f .venv/.core .venv/.dev .venv/.bench; \
  $(BIN) -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".$$extra"; \
  echo "compiling the model: about 15 seconds, once"; \
  $(BIN) -c "import sim; sim.simulate()"; \
  for stamp in $$stamps; do wanted > "$$stamp"; done; \
  rm .venv/.installing; \
fi
endef
