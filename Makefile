# make demo   install what the demo needs (no torch) and run the main job on the embedded ECGs
# make test   install what the tests need and run them all: ruff, mypy and import-linter among them
# make benchmark   time what is meant to be fast

.DEFAULT_GOAL := help
.PHONY: help demo test benchmark clean

# The first interpreter that is new enough; PYTHON=… overrides it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
UV ?= $(shell command -v uv 2>/dev/null)
VENV ?= .venv
BIN := $(VENV)/bin

help:
	@sed -n 's/^# //p' Makefile | head -3

demo: $(VENV)/.installed-demo
	@$(BIN)/einthoven demo

# A process a core; one thread in each, or they would be in each other's way. TESTS names some of them only.
test: $(VENV)/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

benchmark: $(VENV)/.installed-dev
	@for f in tests/benchmarks/bench_*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

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
