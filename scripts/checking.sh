# shellcheck shell=bash
# shellcheck disable=SC2154
# What the checks of this folder have in common; sourced from the repository's root.
#   $check      what this one is called
#   $required   1: what cannot be checked is a failure

say() { printf '%s: %s\n' "$check" "$*"; }
fail() { say "$*" >&2; exit 1; }
# Outside of the checks' own machine it may be that this cannot be done; it is never passed over in silence.
cannot() {
  [ "$required" = 1 ] && fail "$*"
  say "NOT CHECKED: $*" >&2
  exit 0
}
cache="${ALCOVE_CHECK_CACHE:-${TMPDIR:-/tmp}/alcove-check}"
mkdir -p "$cache/bin"

# debian COMMAND PACKAGE …: has the packages installed that bring the command, unless it is there.
debian() {
  local wanted="$1"
  shift
  command -v "$wanted" >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then cannot "$wanted is not installed"; fi
  say "installing $*"
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@") >"$cache/$wanted.log" 2>&1 ||
    { tail -20 "$cache/$wanted.log" >&2; cannot "$wanted cannot be installed"; }
}
