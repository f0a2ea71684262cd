# The three words of this project: `make run`, `make test`, `make check`.
# Names of files below are relative, so that the folder may have spaces in its name.

VENV := .venv
RIVALS := $(VENV)/bench
FUZZ := $(VENV)/fuzz
LLMOCK := $(VENV)/llmock
TUS_CLIENTS := $(VENV)/tus-clients
REAL_MODEL := $(VENV)/real-model
LINT := $(VENV)/lint-api
GENERATED := $(VENV)/generated-clients
TYPESCRIPT := openapi-typescript@7.13.0 openapi-fetch@0.17.0 typescript@5.9.3 @types/node@20.19.25
LINTERS := @redocly/cli@2.77.0 @stoplight/spectral-cli@6.16.3
# Exact versions, and no lock file: it would name the registry.
NPM = npm install --no-save --no-package-lock --no-audit --no-fund --loglevel error --prefix
PYTHON := $(VENV)/bin/python
FIND_PYTHON = for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		&& { command -v "$$python"; break; }; done
# The stamp holds the lock file it was made from, so that nothing is installed twice.
STAMP = $(VENV)/installed-$(notdir $(1))
INSTALL = \
	cmp -s $(1) $(STAMP) && exit 0; \
	python=$$($(FIND_PYTHON)); \
	[ -n "$$python" ] || { echo "ATOM needs Python 3.11 or newer, and none was found. Install it" \
		"(Debian and Ubuntu: apt install python3 python3-venv), then try again." >&2; exit 1; }; \
	echo "Installing what $(1) lists; this takes a minute, once."; \
	if command -v uv >/dev/null 2>&1; then \
		[ -x $(PYTHON) ] || uv venv --quiet --python "$$python" $(VENV) || exit 1; \
		uv pip install --quiet --python $(PYTHON) --require-hashes $(UNLISTED) -r $(1) || exit 1; \
	else \
		{ [ -x $(PYTHON) ] && $(PYTHON) -m pip --version >/dev/null 2>&1; } \
			|| "$$python" -m venv $(VENV) \
			|| { rm -rf $(VENV); echo "Python cannot make a virtual environment. Install its venv" \
				"module (Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }; \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes $(UNLISTED) \
			-r $(1) \
			|| exit 1; \
	fi; \
	cp $(1) $(STAMP)

# Tests wait for processes as often as they compute: four share two cores best. Each takes
# whole files, because the tests of a file share its servers.
SPREAD = -n 4 --dist loadfile --no-loadscope-reorder
POSTGRES_URL = $${ATOM_TEST_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/postgres}

COMPILE = $(PYTHON) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"
# One Django for every Python, so that whatever is tested here runs everywhere.
LOCK = $(COMPILE) --python-version 3.11 --constraint requirements/django.in pyproject.toml

# Tests start hundreds of processes: what they import is compiled once, wherever this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run debug test test-slow test-long test-postgresql test-newer browsers two-hosts tus-clients two-gigabytes image-check check lock bench bench-ocr bench-stream bench-holding leaks torture faults nemesis celery-faults fuzz sqlmap llmock real-model contexts errors examples schema-release lint-api generated-clients mutations clean install install-bench install-dev install-fuzz install-generated-clients install-llmock install-real-model install-tools

run: install  ## everything: web server and worker, until Ctrl-C
	@exec $(PYTHON) manage.py up --prepare

debug: install  ## the same; changed code starts at once, and accidents are shown in full
	@exec env ATOM_DEBUG=on $(PYTHON) manage.py up --prepare

test: install-dev  ## tests; those for PostgreSQL run where a server answers
	@$(PYTHON) -m pytest $(SPREAD) -m "not slow and not long" $(ARGS)

test-slow: install-dev  ## the rest: browsers, processes that are killed, long lines
	@$(PYTHON) -m pytest $(SPREAD) -m "slow and not long" $(ARGS)

test-long: install-dev  ## minutes each: 100,000 documents, 5,000 requests, several processes, clients, nodes, benchmarks
	@$(PYTHON) -m pytest -n 2 --dist loadfile -m long $(ARGS)

test-postgresql: install-dev  ## all that touches the database again, on PostgreSQL
	@DATABASE_URL=$(POSTGRES_URL) $(PYTHON) -m pytest $(SPREAD) -m "not postgres and not long" \
		tests/queue tests/uploads tests/resumable tests/web tests/api tests/search tests/live tests/accounts tests/dashboard tests/brokers tests/webhooks tests/oidc tests/operations/test_admin.py \
		tests/operations/test_kubernetes.py $(ARGS)

tus-clients: install-dev  ## tus-js-client and Uppy against a server that is killed (node, npm)
	@mkdir -p $(TUS_CLIENTS) && cp tests/resumable/clients/package*.json $(TUS_CLIENTS)
	@cd $(TUS_CLIENTS) && npm ci --silent --no-audit --no-fund
	@TUS_CLIENTS=$(TUS_CLIENTS) $(PYTHON) -m pytest -s tests/resumable/clients/suite.py $(ARGS)

two-gigabytes: install-dev  ## a PDF of 2 GB is sent and read, in little memory (6 GB of disk)
	@$(PYTHON) -m pytest -s tests/resumable/two_gigabytes.py $(ARGS)

check: install-dev  ## style, types, imports, migrations, deployment, OpenAPI
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy accounts atom_project documents
	$(PYTHON) -m mypy clients
	$(VENV)/bin/lint-imports
	ATOM_DATA_DIR=$(VENV)/check $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	ATOM_DATA_DIR=$(VENV)/check ATOM_ENV_FILE=/dev/null ATOM_PUBLIC_URL=https://atom.example.com \
		ATOM_TRUSTED_PROXY=127.0.0.1 $(PYTHON) manage.py check --deploy --fail-level WARNING
	ATOM_DATA_DIR=$(VENV)/check $(PYTHON) manage.py spectacular --validate --fail-on-warn \
		--file $(VENV)/check/openapi.yaml

browsers: install-dev  ## a smoke suite in Firefox and WebKit (Debian: firefox-esr, webkit2gtk-driver, xvfb)
	@$(PYTHON) -m pytest tests/browsers/smoke.py $(ARGS)

two-hosts: install-dev  ## two hosts in network namespaces share one line (as root)
	@$(PYTHON) -m pytest tests/operations/two_hosts.py $(ARGS)

image-check: install-dev  ## build the image on a base of its own and run it (as root; buildah, mmdebstrap)
	@$(PYTHON) -m pytest tests/operations/image.py $(ARGS)

test-newer: install-dev  ## tests on newer Pythons and Djangos (as root; ARGS="--only 3.13/6.1")
	@$(PYTHON) -m tests.newer $(VENV)/newer $(SPREAD) -m "not slow and not long" $(ARGS)

bench: install-dev install-bench  ## figures beside rivals, for docs/performance.md (ARGS=--short: two minutes)
	@$(PYTHON) -m bench --rivals $(RIVALS)/bin/python $(ARGS)

bench-ocr: install-dev  ## how well and how fast scans are read (needs tesseract)
	@$(PYTHON) -m bench.quality.ocr $(ARGS)

bench-stream: install-dev  ## live streams beside polling and a bare server; ten minutes
	@$(PYTHON) -m bench.stream $(ARGS)

bench-holding: install-dev  ## what one client may hold of the service (ARGS="--tree DIR" for another)
	@$(PYTHON) -m bench.limits.holding $(ARGS)

leaks: install-dev  ## five thousand requests, on both databases: nothing may be left of them
	@$(PYTHON) -m pytest tests/web/test_leaks.py $(ARGS)
	@DATABASE_URL=$(POSTGRES_URL) $(PYTHON) -m pytest tests/web/test_leaks.py $(ARGS)

torture: install-dev  ## thousands of deliveries and long queues while clients leave and servers are killed
	@TORTURE=full $(PYTHON) -m pytest tests/live/test_torture.py tests/queue/test_processes.py $(ARGS)
	@DATABASE_URL=$(POSTGRES_URL) \
		TORTURE=full $(PYTHON) -m pytest tests/live/test_torture.py tests/queue/test_processes.py $(ARGS)

faults: install-dev  ## kill, starve, fill and lock it; writes the table of docs/reliability.md
	@FAULTS=all $(PYTHON) -m pytest -n 2 --dist worksteal tests/faults $(ARGS)

nemesis: install-dev  ## break things at random (ARGS="--minutes 15 --seed 7 --database postgres")
	@$(PYTHON) -m tests.faults.nemesis $(ARGS)

celery-faults: install-dev  ## Celery nodes and brokers that die; writes the table of docs/scaling.md (ROUNDS=3)
	@$(PYTHON) -m pytest -p no:xdist tests/brokers/faults.py $(ARGS)

fuzz: install-dev install-fuzz  ## Schemathesis against a real server with two people in it
	@$(PYTHON) -m tests.security.fuzz $(FUZZ)/bin/schemathesis $(ARGS)

sqlmap: install-dev install-fuzz  ## sqlmap against every parameter of the lists
	@$(PYTHON) -m tests.security.sqlmap $(FUZZ)/bin/sqlmap $(ARGS)

llmock: install-dev install-llmock  ## what a server that breaks things says of our retries
	@ATOM_LLMOCK=$(LLMOCK)/bin/llmock $(PYTHON) -m pytest -s tests/analysis/test_llmock.py $(ARGS)

real-model: install-dev install-real-model  ## ten documents by a real small model (ARGS="--documents 3")
	@$(PYTHON) -m bench.quality.real_model $(REAL_MODEL)/bin/python $(ARGS)

contexts: install-dev  ## long documents for servers with small contexts: the whole matrix, minutes
	@CONTEXTS=whole $(PYTHON) -m pytest -n 2 tests/analysis/test_contexts.py $(ARGS)

lint-api: install-dev  ## redocly and spectral have nothing to say of /schema (needs npm)
	@mkdir -p $(LINT)
	@[ -x $(LINT)/node_modules/.bin/spectral ] || $(NPM) $(LINT) $(LINTERS)
	@ATOM_DATA_DIR=$(VENV)/check $(PYTHON) manage.py spectacular --file $(LINT)/openapi.yaml
	@echo 'extends: ["spectral:oas"]' > $(LINT)/spectral.yaml
	cd $(LINT) && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
		node_modules/.bin/redocly lint --extends recommended --max-problems 1000 openapi.yaml
	cd $(LINT) && node_modules/.bin/spectral lint --ruleset spectral.yaml \
		--fail-severity hint openapi.yaml

generated-clients: install-dev install-generated-clients  ## clients that three generators make of /schema do a job (needs npm)
	@[ -x $(GENERATED)/node_modules/.bin/tsc ] || $(NPM) $(GENERATED) $(TYPESCRIPT)
	@GENERATED_CLIENTS=$(GENERATED) $(PYTHON) -m pytest -p no:xdist -s \
		tests/generated_clients/suite.py $(ARGS)

errors: install-dev  ## write docs/errors.md from the tables of codes
	@$(PYTHON) -m tests.api.errors_page

examples: install-dev  ## take the examples of /schema from a real run
	@EXAMPLES=write $(PYTHON) -m pytest -q tests/api/test_examples.py $(ARGS)

schema-release: install-dev  ## store /schema as that of this release: nothing of it may leave from now on
	@SCHEMA=release $(PYTHON) -m pytest -q tests/api/test_contract.py $(ARGS)

mutations: install-dev  ## take each defence out, in a copy, and see its test fail
	@$(PYTHON) -m tests.security.mutations $(ARGS)

lock: install-dev  ## make the lock files again from pyproject.toml (ARGS=--upgrade for newer versions)
	$(LOCK) $(ARGS) --output-file requirements.txt
	$(LOCK) $(ARGS) --extra s3 --constraint requirements.txt --output-file requirements/s3.txt
	$(LOCK) $(ARGS) --extra ocr --constraint requirements.txt --output-file requirements/ocr.txt
	$(LOCK) $(ARGS) --extra mcp --constraint requirements.txt --output-file requirements/mcp.txt
	$(LOCK) $(ARGS) --extra celery --constraint requirements.txt --output-file requirements/celery.txt
	$(LOCK) $(ARGS) --extra otel --constraint requirements.txt --output-file requirements/otel.txt
	$(LOCK) $(ARGS) --extra oidc --constraint requirements.txt --output-file requirements/oidc.txt
	$(LOCK) $(ARGS) --extra dev --constraint requirements.txt --output-file requirements/dev.txt
	$(filter-out pyproject.toml,$(LOCK)) $(ARGS) --group bench --output-file requirements/bench.txt
	$(filter-out pyproject.toml,$(LOCK)) $(ARGS) --group fuzz --output-file requirements/fuzz.txt
	$(filter-out pyproject.toml,$(LOCK)) $(ARGS) --group generated-clients \
		--output-file requirements/generated-clients.txt
	$(filter-out pyproject.toml,$(LOCK)) $(ARGS) --group llmock --output-file requirements/llmock.txt
	$(filter-out pyproject.toml,$(LOCK)) $(ARGS) --no-deps --group real-model \
		--output-file requirements/real-model.txt
	$(COMPILE) --python-version 3.13 $(ARGS) --no-deps --group newer \
		--output-file requirements/newer.txt

clean:  ## what can be made again; documents and the database stay
	rm -rf $(VENV) .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@$(call INSTALL,requirements.txt)

install-dev: install
	@$(call INSTALL,requirements/dev.txt)

# What one of them depends on and never imports is not in its lock file.
install-real-model: export UNLISTED = --no-deps

install-bench install-fuzz install-generated-clients install-llmock install-real-model: install-%:
	@$(MAKE) --no-print-directory VENV=$(VENV)/$* LOCKED=requirements/$*.txt install-tools

install-tools:
	@$(call INSTALL,$(LOCKED))
