#!/bin/sh
# Prints `version=X.Y.Z` for a tag vX.Y.Z, when package, chart and image of this tree are all of that version.
#   sh scripts/release-version.sh TAG
set -eu
cd "$(dirname "$0")/.."
version="${1#v}"
check() {
  if ! grep -qF -- "$2" "$1"; then
    echo "release-version: $1 does not say $2, as the tag $version wants it" >&2
    exit 1
  fi
}
check package.json "\"version\": \"$version\""
check helm/Chart.yaml "version: $version"
check helm/Chart.yaml "appVersion: \"$version\""
check Dockerfile "ARG VERSION=$version"
check docker-compose.yml "alcove:$version}"
check .env.example "ALCOVE_IMAGE=alcove:$version"
check CHANGELOG.md "## $version"
echo "version=$version"
