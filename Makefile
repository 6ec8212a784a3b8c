# Two commands on a fresh machine: `make demo` and `make test`. `make help` lists the rest.
# Another interpreter: `make test PYTHON=python3.12` (the environment is then rebuilt for it).

PYTHON ?= python3
ARGS ?=

# The demo's environment holds the runtime only; tests and gates have their own.
VENV := .venv
TEST_VENV := .venv-test
OUT := out/demo
BENCH_VENV := out/bench-venv
BENCH_PEERS := snownlp==0.12.3 bertopic==0.17.*

VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
READY := $(VENV)/.ready-$(VERSION)
TEST_READY := $(TEST_VENV)/.ready-$(VERSION)
BENCH_READY := $(BENCH_VENV)/.ready-$(VERSION)
BIN := $(TEST_VENV)/bin

CODE := feedback_nlp api training tests $(wildcard benchmarks/*.py)
SHIPPED := pyproject.toml README.md LICENSE \
	$(shell find feedback_nlp api training models -type f -not -name '*.pyc' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types imports audit soak bench eval format clean

help:  ## list the targets
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(READY)  ## install the runtime, analyse examples/reviews.csv, say where the report is
	$(VENV)/bin/feedback-nlp run examples/reviews.csv --out $(OUT)
	@echo
	@echo "报告已生成，用浏览器打开即可 / open the report in a browser:"
	@echo "  $(CURDIR)/$(OUT)/report.html"

test: $(TEST_READY)  ## install with the dev extra, run all tests with branch coverage (ARGS="-k name --no-cov")
	$(BIN)/python -m pytest -n auto --cov --cov-report=term $(ARGS)

check: lint types imports test  ## every gate, then the tests

lint: $(TEST_READY)  ## ruff and ruff format, nothing is changed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TEST_READY)  ## mypy --strict
	$(BIN)/mypy $(CODE)

imports: $(TEST_READY)  ## import-linter: the layers of the architecture
	$(BIN)/lint-imports

audit: $(TEST_READY)  ## known faults of the installed packages; needs the network
	$(BIN)/pip-audit --skip-editable $(ARGS)

soak: $(TEST_READY)  ## large files, full disks, killed imports and nights; root, FEEDBACK_TEST_POSTGRES_URL
	$(BIN)/python -m pytest -m soak -s -o timeout=3600 $(ARGS)
	FEEDBACK_NIGHTS=30 FEEDBACK_EXAMPLES=200 $(BIN)/python -m pytest -o timeout=3600 -n auto \
		tests/workflows/test_ledger_survival.py tests/api/test_openapi.py

bench: $(BENCH_READY)  ## speed beside SnowNLP and BERT (ARGS=file), latency, memory; see benchmarks/
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/throughput.py $(ARGS)
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/steps.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/cores.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/cascade.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/serving.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/themes.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/themes.py speed
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/replay.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/planning.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/verification.py
	OMP_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks/rollout.py

eval: $(TEST_READY)  ## measure every packaged model on ../shared/data (ARGS="--data DIR MODEL")
	$(BIN)/python -m training eval $(ARGS)

format: $(TEST_READY)  ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove environments, caches and results
	rm -rf $(VENV) $(TEST_VENV) out build dist .coverage .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache

# $(call make_venv,DIR): an empty environment for this Python, kept when it is there already.
define make_venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "需要 Python 3.11 以上，$(PYTHON) 不是。可指定：make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		echo "Python 3.11 or newer is needed; '$(PYTHON)' is version '$(VERSION)'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "缺少 venv 模块 / the venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(1)/bin/python$(VERSION) || $(PYTHON) -m venv --clear $(1)
endef

# Reinstalled when anything that ships has changed: dependencies that fit stay as they are.
$(READY): $(SHIPPED)
	$(call make_venv,$(VENV))
	@echo "正在安装运行环境 / installing the runtime into $(VENV) ..."
	$(VENV)/bin/pip install --quiet --disable-pip-version-check .
	@touch $@

$(TEST_READY): pyproject.toml
	$(call make_venv,$(TEST_VENV))
	@echo "正在安装测试环境 / installing the test environment into $(TEST_VENV) ..."
	$(TEST_VENV)/bin/pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

# The peers are in no other environment: they are no dependency.
$(BENCH_READY): $(SHIPPED)
	$(call make_venv,$(BENCH_VENV))
	@echo "正在安装测速环境 / installing the benchmark environment into $(BENCH_VENV) ..."
	$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check ".[train]" $(BENCH_PEERS)
	@touch $@
