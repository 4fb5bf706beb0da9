# syntax=docker/dockerfile:1
#
# The server as a container: docs/deployment.md says how it is run, docs/decisions/0028 why it is made so.
# scripts/check-image.sh builds it without Docker, starts it and searches it.

# Node's current LTS, by its whole version. It is both where Alcove is built and what it runs on.
ARG NODE_IMAGE=docker.io/library/node:26.10.0-trixie-slim

# --- dist/: what is published. No part of it depends on the processor, so that it is built once for all of them.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# As scripts/run.mjs installs (docs/decisions/0007), and signed as it signs, but for the binary of Node: this image has its own.
RUN npm install --no-save --ignore-scripts --loglevel=error --no-audit --no-fund --no-update-notifier && \
    sha256sum package-lock.json | cut -c1-64 | tr -d '\n' >node_modules/.alcove-installed && \
    rm -rf node_modules/node
COPY tsconfig.json tsconfig.build.json tsconfig.client.json ./
COPY scripts ./scripts
COPY src ./src
RUN node scripts/run.mjs build

# --- The packages that the server needs at run time, without what only compilers, debuggers and readers open.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm install --omit=dev --omit=peer --no-save --ignore-scripts --loglevel=error --no-audit --no-fund --no-update-notifier && \
    find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -iname 'readme*' -o -iname 'changelog*' \) -delete && \
    find node_modules -type d -empty -delete

# --- The root: the slim image without npm, yarn and headers, with an init and a user of its own.
FROM ${NODE_IMAGE} AS root
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tini && \
    rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/share/* /opt/yarn* /root/.npm \
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn* /usr/local/bin/corepack /usr/local/bin/docker-entrypoint.sh \
      /usr/share/doc/* /usr/share/man/* /usr/share/locale/* /var/lib/apt/lists/* /var/cache/* /var/log/* /tmp/* && \
    useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin alcove && \
    install -d -o alcove -g alcove -m 0750 /data /data/models && \
    ln -s /app/dist/main.js /usr/local/bin/alcove
WORKDIR /app
COPY --from=packages /build/node_modules ./node_modules
COPY package.json schema.graphql README.md CHANGELOG.md ARCHITECTURE.md CONTRIBUTING.md LICENSE ./
COPY docs ./docs
COPY --from=build /build/dist ./dist
RUN chmod 0755 dist/main.js

# --- One layer: what was taken out above is not in the image at all.
FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Alcove" \
      org.opencontainers.image.description="A GraphQL-native vector database and retrieval server" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=root / /
ENV PATH=/usr/local/bin:/usr/bin:/bin \
    NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    ALCOVE_HOST=0.0.0.0 \
    ALCOVE_DATA=/data \
    ALCOVE_MODELS=/data/models
WORKDIR /data
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
VOLUME ["/data"]
# 4400: GraphQL over HTTP, server-sent events and WebSocket, and health. 4401: alcove model serve.
EXPOSE 4400 4401
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD ["alcove", "health"]
ENTRYPOINT ["tini", "--", "alcove"]
CMD ["serve"]
