# fiscalgraph: `make demo` shows it, `make test` checks it. Both set up .venv first and reuse it afterwards.
PYTHON ?= python3
# What to install besides the package itself. `make setup EXTRAS=samples` is the smallest that runs the demo.
EXTRAS ?= dev,samples,encoders
# Where documents (`make accuracy`, `make bench-checks`) and hand-checked records lie; without them the samples are scored.
CORPUS ?=
GOLD ?=
PYTEST_ARGS ?= -n auto

BIN := .venv/bin
STAMP := .venv/.installed
DEMO_HOME := .demo/home
FISCALGRAPH := $(BIN)/fiscalgraph

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint docs accuracy bench-checks bench-retrieval bench-api soak page clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "fiscalgraph needs Python 3.11 or newer; choose one: make PYTHON=python3.12 setup" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "this Python cannot make environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The stamp is written last: an installation that was interrupted is taken up again. torch goes first and alone,
# because the build that is at hand (CPU or CUDA) decides which further packages it brings.
$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@case ",$(EXTRAS)," in *,encoders,*) \
	  PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet torch ;; esac
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --editable '.[$(EXTRAS)]'
	@touch $@

setup: $(STAMP) ## make the environment in .venv (once)

# The build skips what is there already, so that a second call only asks the questions.
demo: $(STAMP) ## build the samples and answer two questions
	@$(FISCALGRAPH) build samples/documents --home $(DEMO_HOME)
	@printf '\n%s\n\n' '1. Which projects spent less than 80 % of their budget? / 哪些项目执行率不到 80%？'
	@echo '$$ fiscalgraph query projects-by-execution-rate -p max_rate=80 --home $(DEMO_HOME)'
	@$(FISCALGRAPH) query projects-by-execution-rate -p max_rate=80 --home $(DEMO_HOME)
	@printf '\n%s\n\n' '2. Who else is short of staff? / 还有谁人手不够？'
	@echo '$$ fiscalgraph search 人手不够，活干不完 --group department -k 3 --home $(DEMO_HOME)'
	@$(FISCALGRAPH) search 人手不够，活干不完 --group department -k 3 --home $(DEMO_HOME)
	@printf '\n%s\n' 'Ask more / 继续提问:'
	@echo '  $(FISCALGRAPH) query --home $(DEMO_HOME)     the questions there are / 现成的问题'
	@echo '  $(FISCALGRAPH) serve --home $(DEMO_HOME)     the page, on http://127.0.0.1:8765/ / 打开网页'
	@echo '  $(FISCALGRAPH) build PATH...                     your own documents / 读入自己的文档'

lint: $(STAMP) ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint ## style, types and tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

docs: $(STAMP) ## write the made part of docs/graph.md
	$(BIN)/python bench/graph_guide.py

accuracy: $(STAMP) ## score what is read, write docs/accuracy.md (CORPUS=, GOLD=)
	$(BIN)/python bench/accuracy.py $(if $(CORPUS),--corpus $(CORPUS)) $(if $(GOLD),--gold $(GOLD))

bench-checks: $(STAMP) ## what the checks find, and what of it is false (CORPUS=: also of real documents)
	$(BIN)/python bench/checks.py $(if $(CORPUS),--corpus $(CORPUS))

bench-retrieval: $(STAMP) ## how well search finds, beside simple baselines (FINAL=1: the half kept for the end)
	$(BIN)/python bench/retrieval_figures.py $(if $(FINAL),--final)

bench-api: $(STAMP) ## speed of the HTTP interface at a million amounts (RDFLIB=: a Python that has rdflib-endpoint)
	$(BIN)/python bench/api.py --home .bench/api $(if $(RDFLIB),--rdflib-endpoint $(RDFLIB))

soak: $(STAMP) ## ten minutes at saturation: no wrong answer, nothing grows (SECONDS=)
	$(BIN)/python bench/soak.py --seconds $(or $(SECONDS),600)

# Only who changes the page needs Node: what it is built into (api/web/built) is committed.
page: ## build the page from api/web/src (needs Node 20 or newer)
	cd api/web && npm ci --no-audit --no-fund && npm run build

clean: ## remove what these commands made, the environment included
	rm -rf .venv .demo .accuracy .bench build dist fiscalgraph.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
