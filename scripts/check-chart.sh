#!/usr/bin/env bash
# Lints and renders the chart with the real helm, compares the renders with those in test/helm, and validates them by Kubernetes'
# own schemas and by that of the Prometheus operator.
#
#   scripts/check-chart.sh [--renew]      --renew writes the renders anew; read the difference before you commit it
#
# helm is built from its Go module, the schemas come with a package of PyPI; both are kept in $ALCOVE_CHECK_CACHE.
set -euo pipefail
cd "$(dirname "$0")/.."

HELM=helm.sh/helm/v4@v4.3.1
VALIDATE=kubernetes-validate==1.37.0
OPERATOR=github.com/prometheus-operator/prometheus-operator@v0.85.0
# The oldest that the chart says it runs on, and the newest that there is.
VERSIONS=(1.27 1.37)

check=check-chart required="${ALCOVE_REQUIRE_CHART:-}"
# shellcheck source=scripts/checking.sh
. scripts/checking.sh
renew=false
case "${1:-}" in '') ;; --renew) renew=true ;; *) fail "unknown argument $1; expected --renew" ;; esac

helm="$cache/bin/helm-${HELM##*@}"
if [ ! -x "$helm" ]; then
  command -v go >/dev/null || cannot "helm is built by Go, which is not installed"
  say "building helm ${HELM##*@}"
  (cd "$cache" && GOBIN="$cache/bin" GOFLAGS="" go install "${HELM%@*}/cmd/helm@${HELM##*@}") >"$cache/helm.log" 2>&1 ||
    { tail -5 "$cache/helm.log" >&2; cannot "helm cannot be built"; }
  mv "$cache/bin/helm" "$helm"
fi
export HELM_CACHE_HOME="$cache/helm" HELM_CONFIG_HOME="$cache/helm" HELM_DATA_HOME="$cache/helm"

# The chart is of the version that it installs.
version="$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)"
for line in "version: $version" "appVersion: \"$version\""; do
  grep -qx "$line" helm/Chart.yaml || fail "helm/Chart.yaml does not say $line, as package.json does"
done

rendered="$(mktemp -d "${TMPDIR:-/tmp}/alcove-chart-XXXXXX")"
trap 'rm -rf "$rendered"' EXIT
for values in test/helm/*.values.yaml; do
  name="$(basename "$values" .values.yaml)"
  "$helm" lint --strict --quiet helm --values "$values" || fail "helm lint is not content with $values"
  # The notes, too, which helm prints at an install alone.
  "$helm" install alcove helm --namespace search --values "$values" --dry-run=client --hide-secret=false \
    >"$rendered/$name.notes" 2>"$rendered/error" || { cat "$rendered/error" >&2; fail "$values does not render"; }
  "$helm" template alcove helm --namespace search --values "$values" >"$rendered/$name.yaml"
  sed -n '/^NOTES:/,$p' "$rendered/$name.notes" >"$rendered/$name.txt"
  [ -s "$rendered/$name.txt" ] || fail "there are no notes for $values"
  for kind in yaml txt; do
    golden="test/helm/$name.golden.$kind"
    if $renew; then cp "$rendered/$name.$kind" "$golden"; fi
    diff -u "$golden" "$rendered/$name.$kind" ||
      fail "$golden differs; if that is meant: scripts/check-chart.sh --renew"
  done
done
sets=(test/helm/*.values.yaml)
say "${#sets[@]} sets of values are linted and render as in test/helm"

for values in test/helm/refused/*.yaml; do
  if "$helm" template alcove helm --values "$values" >/dev/null 2>"$rendered/error"; then
    fail "$values renders, and should be refused by values.schema.json"
  fi
  grep -q "specifications of the schema" "$rendered/error" || { cat "$rendered/error" >&2; fail "$values is refused for another reason"; }
done
sets=(test/helm/refused/*.yaml)
say "${#sets[@]} sets of values are refused by values.schema.json"

# A key that nobody gave is made, long enough, and not the same twice.
made() { "$helm" template alcove helm | sed -n 's/^  admin-key: "\(.*\)"$/\1/p'; }
first="$(made)"
if [ "${#first}" -lt 32 ] || [ "$first" = "$(made)" ]; then fail "the key that is made is short, or the same each time"; fi

python="$cache/validate/bin/python"
if ! "$python" -c 'import kubernetes_validate' 2>/dev/null; then
  command -v python3 >/dev/null || cannot "the schemas are read by Python, which is not installed"
  say "fetching Kubernetes' schemas ($VALIDATE)"
  (python3 -m venv "$cache/validate" && "$cache/validate/bin/pip" install --quiet --disable-pip-version-check "$VALIDATE") \
    >"$cache/pip.log" 2>&1 || { tail -5 "$cache/pip.log" >&2; cannot "Kubernetes' schemas cannot be had"; }
fi
operator="$cache/servicemonitors.yaml"
if [ ! -e "$operator" ]; then
  command -v go >/dev/null || cannot "the Prometheus operator's schema comes as a Go module, and Go is not installed"
  folder="$(cd "$cache" && GOFLAGS=-mod=mod go mod download -json "$OPERATOR" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')"
  cp "$folder/example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml" "$operator"
fi
"$python" scripts/check-manifests.py "$operator" "$(IFS=,; echo "${VERSIONS[*]}")" "$rendered"/*.yaml
