# The front door. `make` alone says what there is; a recipe is one call of one program.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# Flags for the command behind a target: make production-deploy ARGS='--yes --json'
ARGS ?=
export PATH := $(CURDIR)/tools/node/node_modules/.bin:$(PATH)
export NODE_COMPILE_CACHE ?= $(CURDIR)/.windlass/compile-cache
WINDLASS := node src/cli/main.ts
LOCKS := $(wildcard tools/python/requirements.lock examples/*/requirements.lock)
BUNDLE := .windlass/bundles/.made
TOOLCHAIN := node_modules/.installed $(BUNDLE) $(LOCKS:requirements.lock=.venv/.installed)
# The stories whose runs are kept: every workflow, rolled back, parked, stopped, approved.
HISTORIES := deploy rollback parked approval terminated recover drift drill
each = production-$1 staging-$1

##@ Environments
$(call each,deploy): %-deploy: setup ## Deploy everything as one release
	@$(WINDLASS) deploy --environment $* $(ARGS)

$(call each,plan): %-plan: setup ## Show what a deploy would change, cost and undo
	@$(WINDLASS) plan --environment $* $(ARGS)

$(call each,status): %-status: setup ## Show the release, its URLs and the run in progress
	@$(WINDLASS) status --environment $* $(ARGS)

$(call each,rollback): %-rollback: setup ## Roll back to the previous release
	@$(WINDLASS) rollback --environment $* $(ARGS)

$(call each,recover): %-recover: setup ## Restore what was lost; ARGS=--reconcile rolls back a dead run
	@$(WINDLASS) recover --environment $* $(ARGS)

$(call each,drift): %-drift: setup ## Detect drift: changes made outside of deploys
	@$(WINDLASS) drift --environment $* $(ARGS)

$(call each,ui): %-ui: setup ## Print the URL of the run in the Temporal UI
	@$(WINDLASS) ui --environment $* $(ARGS)

$(call each,migrate-v1): %-migrate-v1: setup ## Migrate Cloud Run services from API v1 to v2 in place
	@$(WINDLASS) migrate-v1 --environment $* $(ARGS)

##@ Sandbox
sandbox-up sandbox-down sandbox-status: sandbox-%: setup
	@$(WINDLASS) sandbox $* $(ARGS)

#: sandbox-up       Start the embedded clouds, database and Temporal
#: sandbox-status   Show what of it runs, and where
#: sandbox-down     Stop all of it; what it knows stays on disk

##@ Development
setup: ## Install what is missing, into this folder only
	@sh tools/need.sh system programs folder node python terraform
	@$(MAKE) --no-print-directory --quiet --jobs=3 $(TOOLCHAIN)

test: setup ## Run all tests (ARGS='test/tools' for some)
	@node node_modules/vitest/vitest.mjs run $(ARGS)

check: setup ## Types, lint, format, dead code, Terraform, Python
	@node tools/check.ts $(ARGS)

fmt: setup ## Format every file
	@node tools/check.ts --fix $(ARGS)

rehearse: setup ## Break this tree's deploy at every step, in its own sandbox
	@$(WINDLASS) rehearse --environment production $(ARGS)

bench: setup ## Measure deploys on the sandbox
	@node bench/main.ts $(ARGS)

contract: setup ## Let Google's own clients and skopeo judge the sandbox
	@node test/contract/main.ts

chaos live: setup
	@node node_modules/vitest/vitest.mjs run --config vitest.chaos.config.ts $(patsubst live,live-database,$(filter live,$@)) $(ARGS)
#: chaos  Lose everything in turn, the database in every step; live too (an hour)
#: live   Deploy, update, roll back and drill while users write (ten minutes)

interleave simulate: SEED ?= 1
interleave: RUNS ?= 200
interleave: setup ## Two checkouts change one environment at once (RUNS=200; 20 s each)
	@WINDLASS_INTERLEAVINGS=$(RUNS) WINDLASS_SEED=$(SEED) WINDLASS_INTERLEAVE_LOG=.windlass/interleave.log \
	  node node_modules/vitest/vitest.mjs run test/end-to-end/interleave

histories: setup ## Save this commit's runs to test/histories (before a release; ten minutes)
	@WINDLASS_HISTORIES=$(CURDIR)/test/histories/$$(git rev-parse --short HEAD) \
	  node node_modules/vitest/vitest.mjs run $(HISTORIES:%=test/end-to-end/%.test.ts) $(ARGS)

simulate-migrations: setup ## Roll random migrations back under rows (5000; ARGS=20000)
	@WINDLASS_SIMULATIONS=$(or $(ARGS),5000) node node_modules/vitest/vitest.mjs run test/migrations/simulate.test.ts

fuzz: RUNS ?= 100000
fuzz: setup ## Send random inputs to every reader (RUNS=100000; SEED=17)
	@WINDLASS_FUZZ_RUNS=$$(( $(RUNS) * 2 / 23 + 1 )) $(if $(filter-out undefined,$(origin SEED)),WINDLASS_FUZZ_SEED=$(SEED)) \
	  node node_modules/vitest/vitest.mjs run test/fuzz

simulate: RUNS ?= 10000
simulate: setup ## The saga under random faults (RUNS=10000; SEED=17 RUNS=1: again)
	@WINDLASS_SAGA_RUNS=$(RUNS) WINDLASS_SAGA_SEED=$(SEED) node node_modules/vitest/vitest.mjs run test/saga/simulate.test.ts

crashes: setup ## Kill processes at every moment of a deploy (40 minutes; ARGS=--short)
	@node test/crashes/main.ts $(ARGS)

canaries: setup ## Look for 25 planted secrets after every kind of failure (ten minutes)
	@WINDLASS_CANARIES=all node node_modules/vitest/vitest.mjs run test/canaries test/end-to-end/canaries.test.ts

help: ## Show this
	@awk -f tools/help.awk $(MAKEFILE_LIST)

# The toolchain: files with real prerequisites, so the second run has nothing to do.
tools/node/node_modules/.installed: tools/node/package-lock.json
	@tools/node/install.sh tools/node

node_modules/.installed: package-lock.json tools/node/node_modules/.installed
	@tools/node/install.sh .

$(BUNDLE): $(wildcard workflows/*.ts src/*.ts src/redaction/*.ts) activities/index.ts node_modules/.installed
	@[ ! -w . ] || { node tools/bundle-workflows.ts && touch $@; }

%/.venv/.installed: %/requirements.lock tools/python/uv.lock
	@tools/python/install.sh $*/.venv $*/requirements.lock

$(filter examples/%,$(TOOLCHAIN)): | tools/python/.venv/.installed
.PHONY: $(foreach v,deploy plan status rollback recover drift ui migrate-v1,$(call each,$v)) \
  sandbox-up sandbox-down sandbox-status setup test check fmt rehearse bench canaries contract chaos fuzz crashes histories interleave live simulate simulate-migrations help
