#!/usr/bin/env bash
# Lints the workflows of .github by actionlint, the scripts in shell by shellcheck, and holds the version's places together.
set -euo pipefail
cd "$(dirname "$0")/.."

ACTIONLINT=github.com/rhysd/actionlint@v1.7.12

say() { printf 'check-workflows: %s\n' "$*"; }
cannot() {
  [ "${ALCOVE_REQUIRE_CHART:-}" = 1 ] && { say "$*" >&2; exit 1; }
  say "NOT CHECKED: $*" >&2
  exit 0
}
cache="${ALCOVE_CHECK_CACHE:-${TMPDIR:-/tmp}/alcove-check}"
mkdir -p "$cache/bin"
if ! command -v shellcheck >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then cannot "shellcheck is not installed"; fi
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends shellcheck) >"$cache/shellcheck.log" 2>&1 ||
    { tail -5 "$cache/shellcheck.log" >&2; cannot "shellcheck cannot be installed"; }
fi
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
