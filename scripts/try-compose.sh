#!/bin/sh
# What a newcomer with Docker types, as it stands in docs/deployment.md; ends with status 0 when the search finds what was seeded.
set -eu
cd "$(dirname "$0")/.."
[ -e .env ] || sh scripts/make-env.sh
clean_up() { docker compose --profile observability down --volumes; }
trap clean_up EXIT
docker compose build
docker compose up --detach --wait model alcove
docker compose run --rm seed
docker compose exec alcove alcove search examples "how does a physician hear the heart" | tee /dev/stderr | grep -qi stethoscope
