.DEFAULT_GOAL := help
SHELL := /bin/bash
STACK ?= local
ACTION ?= show
PYTHON := .venv/bin/python
# the locked packages are imported again and again: their bytecode is kept, whatever the shell says
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo up down destroy promote base-model intake clean status test check e2e screenshots preview doctor trace bench bench-trainer lock preview-google preview-real drift promoted registry comment drift-issue workflows

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install everything that a registry has (a second time: nothing to do)
	@scripts/setup

demo: setup ## set up, `pulumi up` on this laptop, one real job from upload to generated picture
	@$(PYTHON) -m scripts.demo

up: setup ## bring the stack up (STACK=local is served by this laptop)
	@$(PYTHON) -m scripts.stack up --stack $(STACK)

down: ## destroy the local stack and stop the local cloud
	@$(PYTHON) -m scripts.stack down --stack $(STACK)

destroy: ## retire what jobs made, then destroy STACK; what is kept is said first
	@$(PYTHON) -m scripts.destroy --stack $(STACK) $(FLAGS)

intake: ## pause or open the intake of STACK (ACTION=show|pause|open, REASON=...)
	@$(PYTHON) -m scripts.intake $(ACTION) --stack $(STACK) $(if $(REASON),--reason "$(REASON)")

promote: ## let TO run the images that FROM runs, by digest
	@$(PYTHON) -m scripts.promote --from $(FROM) --to $(TO)

base-model: setup ## bring a base model from the hub: MODEL=owner/name TO=gs://bucket/prefix (REVISION=..., VARIANT=fp16)
	@$(PYTHON) -m scripts.bring --model '$(MODEL)' --to '$(TO)' --revision '$(REVISION)' --variant '$(VARIANT)' $(if $(STAGING),--staging '$(STAGING)')

clean: down ## forget all that the local cloud kept
	@rm -rf .local

status: ## what runs here, in one table
	@$(PYTHON) -m local status

test: setup ## set up, then every check and every test
	@scripts/test

check: ## linters and types, no tests
	@scripts/check

e2e: setup ## the tests that bring the whole stack up
	@$(PYTHON) -m pytest tests/e2e

screenshots: setup ## the pictures of docs/portal.md, taken anew from a portal with made-up designers
	@$(PYTHON) -m tests.portal.shots

preview: setup ## what a change does to STACK (without: to all) against BASE, as preview.md; PROVE=1 tries it; no credentials
	@$(PYTHON) -m scripts.preview $(if $(filter file,$(origin STACK)),,$(addprefix --stack ,$(STACK))) $(if $(BASE),--base '$(BASE)') $(if $(PROVE),--prove) $(if $(INCLUDE),--include '$(INCLUDE)')

preview-google: setup ## what Google's own provider refuses of STACK (`STACK=`: of all), with the CLI and no account, as google.md
	@$(PYTHON) -m scripts.preview.google $(addprefix --stack ,$(STACK))

preview-real: setup ## what `up` would do to STACK as it is, the policy pack and drift, as who is signed in
	@$(PYTHON) -m scripts.preview.real --stack $(STACK)

drift: setup ## what somebody changed of STACK outside this repository, as who is signed in
	@$(PYTHON) -m scripts.preview.real --stack $(STACK) --drift

promoted: ## does STACK run images that another stack has tried?
	@$(PYTHON) -m scripts.promoted --stack $(STACK)

registry: ## let this machine's Docker push to STACK's registry
	@gcloud auth configure-docker --quiet $(shell sed -n 's/^ *gcp:region: *//p' Pulumi.$(STACK).yaml)-docker.pkg.dev

comment: ## in a workflow: write the pull request's comment from .pages
	@python3 -m scripts.sticky comment --folder .pages

drift-issue: ## in a workflow: open, update or close the issue about drift from .pages
	@python3 -m scripts.sticky issue --folder .pages $(if $(filter success,$(RESULT)),--settled)

workflows: ## GitHub's workflows: actionlint and zizmor
	@scripts/check_workflows

doctor: ## what this machine, or the project of STACK, has and lacks; each finding with its fix
	@$(PYTHON) -m scripts.doctor --stack $(STACK)

trace: ## one job's life across all parts (JOB=...)
	@$(PYTHON) -m scripts.trace $(JOB)

bench: setup ## the figures that the documentation quotes
	@$(PYTHON) -m tests.bench

bench-trainer: setup ## the trainer beside diffusers' own scripts, which lie in REFERENCE; FLAGS='--only full --pairs 5'
	@$(PYTHON) -m tests.bench.trainer --reference '$(REFERENCE)' $(FLAGS)

lock: ## write the locks anew from requirements*.in
	@uv pip compile --quiet --no-header --no-annotate --universal --python-version 3.11 requirements.in --output-file requirements.txt
	@uv pip compile --quiet --no-header --no-annotate --universal --python-version 3.11 requirements-dev.in --output-file requirements-dev.txt
	@uv pip compile --quiet --no-header --no-annotate --universal --python-version 3.11 infra/policy/requirements.in --output-file infra/policy/requirements.txt
	@for image in services/upload images/pipeline images/trainer; do uv pip compile --quiet --no-header --no-annotate --generate-hashes --only-binary :all: --python-platform x86_64-manylinux_2_28 --python-version 3.11 --constraint requirements-dev.txt $$image/requirements.in --output-file $$image/requirements.txt || exit 1; done
