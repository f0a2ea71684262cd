# The three words of this project: `make run`, `make test`, `make check`.
# Names of files below are relative, so that the folder may have spaces in its name.

VENV := .venv
FUZZ := $(VENV)/fuzz
LLMOCK := $(VENV)/llmock
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
		uv pip install --quiet --python $(PYTHON) --require-hashes -r $(1) || exit 1; \
	else \
		{ [ -x $(PYTHON) ] && $(PYTHON) -m pip --version >/dev/null 2>&1; } \
			|| "$$python" -m venv $(VENV) \
			|| { rm -rf $(VENV); echo "Python cannot make a virtual environment. Install its venv" \
				"module (Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }; \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) \
			|| exit 1; \
	fi; \
	cp $(1) $(STAMP)

# Tests wait for processes as often as they compute: four share two cores best. Each takes
# whole files, because the tests of a file share its servers.
SPREAD = -n 4 --dist loadfile --no-loadscope-reorder
POSTGRES_URL = $${ATOM_TEST_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/postgres}

LOCK = $(PYTHON) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml

.PHONY: run debug test test-postgresql two-hosts check lock bench bench-ocr bench-stream bench-holding torture faults nemesis fuzz sqlmap llmock mutations clean install install-dev install-fuzz install-llmock install-tools

run: install  ## everything: web server and worker, until Ctrl-C
	@exec $(PYTHON) manage.py up --prepare

debug: install  ## the same; changed code starts at once, and accidents are shown in full
	@exec env ATOM_DEBUG=on $(PYTHON) manage.py up --prepare

test: install-dev  ## all tests; those for PostgreSQL run where a server answers
	@$(PYTHON) -m pytest $(SPREAD) $(ARGS)

test-postgresql: install-dev  ## all that touches the database again, on PostgreSQL
	@DATABASE_URL=$(POSTGRES_URL) $(PYTHON) -m pytest $(SPREAD) -m "not postgres" \
		tests/queue tests/uploads tests/api tests/live tests/accounts tests/dashboard tests/operations/test_admin.py $(ARGS)

check: install-dev  ## style, types, imports, migrations, deployment, OpenAPI
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy accounts atom_project documents
	$(VENV)/bin/lint-imports
	ATOM_DATA_DIR=$(VENV)/check $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	ATOM_DATA_DIR=$(VENV)/check ATOM_ENV_FILE=/dev/null ATOM_PUBLIC_URL=https://atom.example.com \
		ATOM_TRUSTED_PROXY=127.0.0.1 $(PYTHON) manage.py check --deploy --fail-level WARNING
	ATOM_DATA_DIR=$(VENV)/check $(PYTHON) manage.py spectacular --validate --fail-on-warn \
		--file $(VENV)/check/openapi.yaml

two-hosts: install-dev  ## two hosts in network namespaces share one line (as root)
	@$(PYTHON) -m pytest tests/operations/two_hosts.py $(ARGS)

bench: install-dev  ## figures, side by side with the usual alternatives
	@$(PYTHON) -m bench $(ARGS)

bench-ocr: install-dev  ## how well and how fast scans are read (needs tesseract)
	@$(PYTHON) -m bench.ocr $(ARGS)

bench-stream: install-dev  ## live streams beside polling and a bare server; ten minutes
	@$(PYTHON) -m bench.stream $(ARGS)

bench-holding: install-dev  ## what one client may hold of the service (ARGS="--tree DIR" for another)
	@$(PYTHON) -m bench.holding $(ARGS)

torture: install-dev  ## thousands of deliveries and long queues while clients leave and servers are killed
	@TORTURE=full $(PYTHON) -m pytest tests/live/test_torture.py tests/queue/test_processes.py $(ARGS)
	@DATABASE_URL=$(POSTGRES_URL) \
		TORTURE=full $(PYTHON) -m pytest tests/live/test_torture.py tests/queue/test_processes.py $(ARGS)

faults: install-dev  ## kill, starve, fill and lock it; writes the table of docs/reliability.md
	@FAULTS=all $(PYTHON) -m pytest -n 2 --dist worksteal tests/faults $(ARGS)

nemesis: install-dev  ## break things at random (ARGS="--minutes 15 --seed 7 --database postgres")
	@$(PYTHON) -m tests.faults.nemesis $(ARGS)

fuzz: install-dev install-fuzz  ## Schemathesis against a real server with two people in it
	@$(PYTHON) -m tests.security.fuzz $(FUZZ)/bin/schemathesis $(ARGS)

sqlmap: install-dev install-fuzz  ## sqlmap against every parameter of the lists
	@$(PYTHON) -m tests.security.sqlmap $(FUZZ)/bin/sqlmap $(ARGS)

llmock: install-dev install-llmock  ## what a server that breaks things says of our retries
	@ATOM_LLMOCK=$(LLMOCK)/bin/llmock $(PYTHON) -m pytest -s tests/analysis/test_llmock.py $(ARGS)

mutations: install-dev  ## take each defence out, in a copy, and see its test fail
	@$(PYTHON) -m tests.security.mutations $(ARGS)

lock: install-dev  ## make the lock files again from pyproject.toml (ARGS=--upgrade for newer versions)
	$(LOCK) $(ARGS) --output-file requirements.txt
	$(LOCK) $(ARGS) --extra s3 --constraint requirements.txt --output-file requirements/s3.txt
	$(LOCK) $(ARGS) --extra ocr --constraint requirements.txt --output-file requirements/ocr.txt
	$(LOCK) $(ARGS) --extra dev --constraint requirements.txt --output-file requirements/dev.txt
	$(filter-out pyproject.toml,$(LOCK)) $(ARGS) --group fuzz --output-file requirements/fuzz.txt
	$(filter-out pyproject.toml,$(LOCK)) $(ARGS) --group llmock --output-file requirements/llmock.txt

clean:  ## what can be made again; documents and the database stay
	rm -rf $(VENV) .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@$(call INSTALL,requirements.txt)

install-dev: install
	@$(call INSTALL,requirements/dev.txt)

install-fuzz install-llmock: install-%:
	@$(MAKE) --no-print-directory VENV=$(VENV)/$* LOCKED=requirements/$*.txt install-tools

install-tools:
	@$(call INSTALL,$(LOCKED))
