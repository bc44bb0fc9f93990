# make demo   install what the demo needs (no torch) and run the main job on the embedded ECGs
# make test   install what the tests need and run them all: ruff, mypy and import-linter among them
# make benchmark   time what is meant to be fast
# make lighthouse   look at the leaderboard's pages with axe and Lighthouse (needs Chromium and npm)

.DEFAULT_GOAL := help
.PHONY: help demo test benchmark lighthouse clean

# The first interpreter that is new enough; PYTHON=… overrides it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
UV ?= $(shell command -v uv 2>/dev/null)
VENV ?= .venv
BIN := $(VENV)/bin

help:
	@sed -n 's/^# //p' Makefile | head -4

demo: $(VENV)/.installed-demo
	@$(BIN)/einthoven demo

# A process a core; one thread in each, or they would be in each other's way. TESTS names some of them only.
test: $(VENV)/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

benchmark: $(VENV)/.installed-dev
	@for f in tests/benchmarks/bench_*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

# What looks lies in build/, which git ignores; GATE=bytes lets slow machines pass.
AUDIT := build/audit
GATE ?= all

$(AUDIT)/node_modules/.installed: tests/leaderboard/audit/package.json
	@mkdir -p $(AUDIT) && cp $< $(AUDIT)/package.json
	@cd $(AUDIT) && npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

lighthouse: $(VENV)/.installed-dev $(AUDIT)/node_modules/.installed
	@rm -rf build/results build/site && cp -r results build/results
	$(BIN)/einthoven data media build/results/sim-v1/control-constant --data sim --most 20
	$(BIN)/einthoven leaderboard build build/results -o build/site
	$(BIN)/einthoven leaderboard check build/site
	$(BIN)/python tests/leaderboard/audit/audit.py build/site --modules $(AUDIT)/node_modules --gate $(GATE)

clean:
	rm -rf $(VENV) build dist src/*.egg-info

$(BIN)/python:
ifeq ($(PYTHON),)
	@echo "einthoven needs Python 3.11 or newer, and none was found on the PATH." >&2
	@echo "Install one, or name it: make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3.11" >&2
	@exit 2
endif
ifneq ($(UV),)
	@$(UV) venv --quiet --python "$$(command -v $(PYTHON))" $(VENV)
else
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment: its venv module is missing." >&2; \
	  echo "On Debian and Ubuntu: apt install python3-venv. Or install uv, which needs none." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
endif

# A target an extra: reinstalled when the requirements change. uv reads other variables than pip: hand pip's over.
$(VENV)/.installed-%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing einthoven[$*] into $(VENV) …" >&2
ifneq ($(UV),)
	@UV_FIND_LINKS="$${UV_FIND_LINKS:-$$PIP_FIND_LINKS}" VIRTUAL_ENV=$(abspath $(VENV)) \
	  $(UV) pip install --quiet -e '.[$*]' -c constraints.txt
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$*]' -c constraints.txt
endif
	@touch $@
