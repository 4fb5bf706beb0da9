#!/usr/bin/env bash
# The `npm` of a documentation page's shell: the server and the command line, as in a clone.
set -euo pipefail
case "${1:-} ${2:-} ${3:-}" in
  'start '*) exec alcove serve --sample ;;
  'run alcove --') shift 3 && exec alcove "$@" ;;
esac
echo "npm $*: not known here; say why before the block: <!-- not run: … -->" >&2
exit 64
