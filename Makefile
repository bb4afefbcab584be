# Everything a person does with Lumbung. `make run` and `make test` work as the first command on a fresh machine.
PORT ?= 8000
VAR ?= ./var
PYTHON ?= python3
VENV := .venv/bin
# One test process for each core, four at most.
SIDE_BY_SIDE := -n auto --maxprocesses 4
# The tests start hundreds of Python processes: what is compiled once stays compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run app stage-native test test-all check bench interop kills mutants audit format screenshots lock clean

help:            ## list the targets
	@grep -hE '^[a-z-]+: *.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .prepared-run app-quiet  ## prepare everything and start the demonstration server (PORT=8000, VAR=./var)
	@LUMBUNG_VAR=$(VAR) LUMBUNG_PORT=$(PORT) LUMBUNG_APP=build/app exec $(VENV)/lumbung serve --demo

app: .prepared-run app-quiet  ## assemble the offline web app into build/app; RELEASE=1 as small as can be (2 minutes more)

stage-native: .prepared-run  ## assemble what `flet build apk` takes into build/native (SERVER=https://…); docs/native.md
	@$(VENV)/python client/native/stage.py --out build/native --server "$(SERVER)"

test: .prepared-dev app-quiet check  ## checks and the whole test suite
	@$(VENV)/python tools/chromium.py
	$(VENV)/python -m pytest $(SIDE_BY_SIDE) -m "not full"

test-all: .prepared-dev app-quiet check  ## everything `make test` runs, and what is marked `full`
	@$(VENV)/python tools/chromium.py
	@$(VENV)/python -m tools.strace
	$(VENV)/python -m pytest $(SIDE_BY_SIDE)

check: .prepared-dev  ## lint, format, types, arrows
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports

bench: .prepared-dev app-quiet  ## measure: everything, or NAME=store-save; QUICK=1 measures little; results in build/bench
	@$(VENV)/python tools/chromium.py
	@NAME=$(NAME) QUICK=$(QUICK) $(VENV)/python -m benchmarks

kills: .prepared-dev  ## kill writers of the store at random moments, 1,000 times, and of TinyDB's own, 200 times each
	$(VENV)/python -m tests.client.store.kills --kills 1000
	$(VENV)/python -m tests.client.store.kills --kills 200 --subject tinydb
	$(VENV)/python -m tests.client.store.kills --kills 200 --subject tinydb-cached

interop: .prepared-dev  ## read every Excel form of a folder, and say of each whether it works: XLSFORMS=<folder>
	@$(VENV)/python -m tests.interop.xlsforms "$(XLSFORMS)"

mutants: .prepared-dev app-quiet  ## take safeguards out of the store one by one; its tests must notice each
	@$(VENV)/python tools/chromium.py
	$(VENV)/python tools/mutants.py

audit: .prepared-dev  ## look for known faults in the pinned requirements; NEEDS A NETWORK that reaches the public advisories
	@$(VENV)/uv tool run pip-audit==2.10.1 --strict --disable-pip --require-hashes \
		-r requirements/run.txt -r requirements/browser.txt -r requirements/dev.txt \
		|| { echo "lumbung: not clean, or the public advisories could not be reached (the lines above say which)"; exit 1; }

format: .prepared-dev  ## let ruff put the code in order
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

screenshots: .prepared-dev app-quiet  ## pictures of every screen into docs/screenshots
	@$(VENV)/python tools/chromium.py
	$(VENV)/python -m tests.e2e.screenshots docs/screenshots

lock: .prepared-dev  ## resolve the requirements again (only for maintainers, when a dependency changes)
	$(VENV)/python tools/lock.py

clean:           ## remove what was built; the data under var/ stays
	rm -rf build .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.PHONY: .prepared-run .prepared-dev app-quiet
.prepared-run:
	@$(PYTHON) tools/bootstrap.py run

.prepared-dev:
	@$(PYTHON) tools/bootstrap.py dev

app-quiet: | .prepared-run
	@$(VENV)/python client/bundle/build.py --out build/app $(if $(RELEASE),--release)
