#!/usr/bin/env bash
# The `alcove` of a documentation page's shell: what serves goes to the background, in the place of what served before.
set -euo pipefail
main="$PAGE_REPOSITORY/src/main.ts"
case "${1:-} ${2:-}" in
  'model serve') name=model ;;
  'serve '*) name=server ;;
  *) exec node "$main" "$@" ;;
esac
pid_file="$PAGE_RUN/$name.pid" log="$PAGE_RUN/$name.log"
if [ -e "$pid_file" ]; then
  kill "$(cat "$pid_file")" 2>/dev/null || true
  while kill -0 "$(cat "$pid_file")" 2>/dev/null; do sleep 0.1; done
fi
setsid node "$main" "$@" >"$log" 2>&1 </dev/null &
echo $! >"$pid_file"
for _ in $(seq 600); do
  if grep -q 'http://' "$log"; then cat "$log"; sleep 0.3; exit 0; fi
  if ! kill -0 "$(cat "$pid_file")" 2>/dev/null; then break; fi
  sleep 0.1
done
cat "$log" >&2
exit 1
