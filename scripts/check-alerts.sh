#!/usr/bin/env bash
# Has Prometheus itself read and try the alert rules, and read the queries of the dashboard.
set -euo pipefail
cd "$(dirname "$0")/.."

check=check-alerts required="${ALCOVE_REQUIRE_CHART:-}"
# shellcheck source=scripts/checking.sh
. scripts/checking.sh
debian promtool prometheus
promtool check rules docs/observability/alerts.yml
promtool test rules docs/observability/alerts.test.yml

# A query is read as the expression of a rule, with what Grafana puts into it.
node_modules/.bin/node --input-type=module - docs/observability/grafana-dashboard.json >"$cache/dashboard.yml" <<'JS'
import { readFileSync } from 'node:fs';
const { panels } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const filled = queries.map((query) => query.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'));
const rules = filled.map((expr, at) => ({ record: `dashboard:query:${at}`, expr }));
console.log(JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
JS
promtool check rules "$cache/dashboard.yml"
say "alert rules are tried, queries of the dashboard are read"
