# make test is the one command that proves the tree; CI runs the same.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: test lint unit browser bench build generate prepare vulnerabilities

test: prepare lint unit browser

# Chromium and the browser tests' npm package, each only if it is missing.
prepare:
	@scripts/prepare.sh

lint:
	@files=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi
	go tool templ generate -log-level error
	@if ! git diff --exit-code --stat -- '*_templ.go'; then echo "the generated templ code is not what is committed: run make generate and commit it"; exit 1; fi
	@if [ -n "$$(git ls-files --others --exclude-standard -- '*_templ.go')" ]; then echo "generated templ code is not committed"; exit 1; fi
	go mod tidy -diff
	go vet ./...
	go vet -tags browser ./app
	go tool staticcheck ./...

unit:
	go test -race ./...

# The demo in headless Chromium: every page, light and dark, narrow and wide.
browser:
	go test -tags browser -run 'TestBrowser' -count=1 ./app

# Each figure of docs/performance.md, side by side in one run.
bench:
	go test -run XXX -bench . -benchmem ./lookup ./practices ./views
	go test -run XXX -bench Beside -benchtime 7x ./web
	go test -run XXX -bench TenDevices ./web
	scripts/footprint.sh

build:
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o stethoscope .

generate:
	go tool templ generate

# Asks the vulnerability database, so it needs a network; not part of make test.
vulnerabilities:
	go tool govulncheck ./...
