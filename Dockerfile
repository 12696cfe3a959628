# The runtime is the Node that npm installs (docs/adr/0001-runtime-from-npm.md), so the last stage needs none of its own.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM debian:13-slim
ENV PATH=/app/node_modules/.bin:$PATH \
    NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/data
# libatomic1 is the one library that Node needs and this base lacks.
RUN apt-get update && apt-get install --yes --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin suotdoi \
 && install --directory --owner=suotdoi --mode=0700 /data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY . .
RUN install --directory --owner=suotdoi node_modules/.cache
USER suotdoi
RUN node --disable-warning=ExperimentalWarning app/warm-up.ts
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.INTERNAL_PORT || 9464}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-warning=ExperimentalWarning", "app/main.ts"]
