# Everything that is needed lands in .venv; nothing else of the machine is touched.
EXAMPLE := examples/late-shipments
export PYTHON TANDEM_CHROMIUM

.PHONY: help run test bench reference pins clean

help:
	@echo "make run        open the editor on an example that rehearses 8 rounds, with simulated people"
	@echo "make test       check style, types and imports, then run all tests"
	@echo "make bench      measure how fast it is, beside its peers"
	@echo "make reference  write runtime/REFERENCE.md anew"
	@echo "make pins       write constraints.txt anew, with the newest versions"
	@echo "make clean      remove what was made here; runs and answers stay"

run:
	@.ci/setup
	@echo "The example rehearses 8 mornings with simulated planners. Watch its cards run, then draw a flow of your own."
	@.venv/bin/tandem edit $(EXAMPLE)/flow.yaml --rehearse 8

test:
	@.ci/setup dev
	@.ci/browser
	@.ci/check

bench:
	@.ci/setup bench
	@.venv/bin/python tests/benchmarks/steps.py --readme
	@.venv/bin/python tests/benchmarks/shipments.py --readme
	@.ci/browser && .venv/bin/python tests/benchmarks/canvas.py

reference:
	@.ci/setup
	@.venv/bin/python -m runtime.reference

pins:
	@rm -rf .venv
	@.ci/setup
	@.venv/bin/python -m pip install --upgrade --upgrade-strategy eager --editable ".[dev,bench]"
	@{ sed '/^[^#]/,$$d' constraints.txt; .venv/bin/python -m pip freeze --exclude-editable; } > constraints.new
	@mv constraints.new constraints.txt

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	@find flows runtime tests -name __pycache__ -type d -prune -exec rm -rf {} +
