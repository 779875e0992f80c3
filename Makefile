# make run     starts Outbreath (installs it into .venv first)
# make test    runs every test (installs what the tests need first)
# make check   what CI runs: format, lint, types, layers, tests
# make fix     formats, mends what can be mended, and writes the generated pages again
# make bench   measures, and writes docs/benchmarks.md
# make lock    resolves the dependencies of pyproject.toml again (needs uv)

python := .venv/bin/python
pytest := $(python) -m pytest -n 2 --dist loadfile -raR

.PHONY: run test check fix bench lock
.NOTPARALLEL:

run:
	@requirements/install run
	@$(python) -m outbreath

test:
	@requirements/install test
	$(pytest)

check:
	@requirements/install test
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	.venv/bin/lint-imports --no-cache
	$(pytest)

fix:
	@requirements/install test
	$(python) -m ruff check --fix .
	$(python) -m ruff format .
	$(python) -m docs.reference

bench:
	@requirements/install test
	$(python) -m benchmarks

# No addresses in the locks: where packages come from is the business of each machine.
compile := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:
	$(compile) --group build pyproject.toml -o requirements/run.lock
	$(compile) --group build --group dev --extra kokoro -c requirements/run.lock pyproject.toml -o requirements/dev.lock
# An addition to run.lock: only what the extra brings.
	python3 -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["kokoro"], sep="\n")' \
		| $(compile) --no-deps - -o requirements/kokoro.lock
