.DEFAULT_GOAL := help
.PHONY: help up run test check format lock

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## Run the whole platform on http://127.0.0.1:8000
	./leema up

run: up ## The same

test: ## Run the tests against servers of their own
	./leema test

check: ## Everything a commit has to pass
	./leema check

format: ## Format code and templates
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	git ls-files '*.html' | xargs -r .venv/bin/djade --target-version 5.2

lock: ## Compile requirements*.in into exact versions with hashes (needs uv)
	uv pip compile $(LOCK) requirements.in --output-file requirements.txt
	uv pip compile $(LOCK) requirements-engines.in --output-file requirements-engines.txt
	uv pip compile $(LOCK) requirements-dev.in --output-file requirements-dev.txt

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
