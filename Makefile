# Each target is a line or two: the work is in scripts/.

.DEFAULT_GOAL := help
.PHONY: help build release deb tarball test test-install demo demo-stop bench bench-check test-kill fuzz check format clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

build: ## Build for work on the code (debug)
	@scripts/setup build
	swift build

release: ## Build what is installed (needs no Swift where it runs)
	@scripts/setup build
	swift build -c release --static-swift-stdlib

deb: ## Build the Debian packages and the plugin's zip into .build/deb
	@scripts/deb

tarball: ## Build a tarball that runs without root and without packages
	@scripts/tarball

test: ## Run every test, also against a real WordPress
	@scripts/test

test-install: deb tarball ## Install, upgrade, remove and purge the package on a clean Debian; the tarball on a bare one (root)
	@scripts/test-install
	@scripts/test-tarball

demo: ## Start everything on 127.0.0.1 and send events through it
	@scripts/demo

demo-stop: ## Stop what `make demo` started
	@scripts/demo-stop

bench: release ## Measure ingest beside its floor, and the worker, into a stand-in and into WordPress; 15 min and 5 GB
	@scripts/setup bench
	@scripts/bench --encrypted
	@python3 -B bench/worker.py

bench-check: release ## The same, failing where a figure falls short
	@scripts/setup bench
	@python3 -B bench/worker.py --check
	@scripts/bench --check

test-kill: ## Kill every program some hundreds of times, and reconcile
	@scripts/setup test
	swift build
	@scripts/test-kill

fuzz: ## Fuzz the parsers and the verifier, 30 s each
	@scripts/fuzz

check: ## Check format and lint of every language
	@scripts/check

format: ## Format the Swift sources in place
	swift format --in-place --recursive --parallel Sources Tests Package.swift

clean: ## Remove what was built (not the demo's data in .demo)
	swift package clean
	rm -rf .build/logs
