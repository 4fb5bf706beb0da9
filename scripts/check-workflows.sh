#!/usr/bin/env bash
# Lints the workflows of .github by actionlint, the scripts in shell by shellcheck, and holds the version's places together.
set -euo pipefail
cd "$(dirname "$0")/.."

ACTIONLINT=github.com/rhysd/actionlint@v1.7.12

check=check-workflows required="${ALCOVE_REQUIRE_CHART:-}"
# shellcheck source=scripts/checking.sh
. scripts/checking.sh
debian shellcheck shellcheck
actionlint="$cache/bin/actionlint-${ACTIONLINT##*@}"
if [ ! -x "$actionlint" ]; then
  command -v go >/dev/null || cannot "actionlint is built by Go, which is not installed"
  (cd "$cache" && GOBIN="$cache/bin" GOFLAGS="" go install "${ACTIONLINT%@*}/cmd/actionlint@${ACTIONLINT##*@}") \
    >"$cache/actionlint.log" 2>&1 || { tail -5 "$cache/actionlint.log" >&2; cannot "actionlint cannot be built"; }
  mv "$cache/bin/actionlint" "$actionlint"
fi
"$actionlint" .github/workflows/*.yml
shellcheck scripts/*.sh .ci/run
say "workflows and scripts are linted"
