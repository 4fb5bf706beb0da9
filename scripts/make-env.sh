#!/bin/sh
# Writes .env for docker-compose.yml: .env.example, with a fresh secret in each line that is empty and holds one.
#   sh scripts/make-env.sh [FILE]
set -eu
root="$(dirname "$0")/.."
target="${1:-$root/.env}"
if [ -e "$target" ]; then
  echo "make-env: $target is there already; remove it for new keys" >&2
  exit 1
fi
umask 077
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
while IFS= read -r line; do
  case "$line" in
    ALCOVE_ADMIN_KEY= | ALCOVE_MODEL_API_KEY= | GRAFANA_ADMIN_PASSWORD=) printf '%s%s\n' "$line" "$(secret)" ;;
    *) printf '%s\n' "$line" ;;
  esac
done <"$root/.env.example" >"$target"
echo "make-env: wrote $target"
