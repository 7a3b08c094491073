# The worker's image: the pinned Node, the locked Python tools, Terraform. Not needed by the sandbox.
FROM hashicorp/terraform:1.11.4 AS terraform

FROM node:24.21.0-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates openssh-client python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*
COPY --from=terraform /bin/terraform /usr/local/bin/terraform

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools tools
# NODE_ENV leaves out what only developers need; the last line drops other platforms' binaries.
ENV NODE_ENV=production
RUN tools/node/install.sh . \
  && tools/python/install.sh tools/python/.venv tools/python/requirements.lock \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -type d \
  ! -name "$(uname -m)-*linux-gnu" -exec rm -r {} +
COPY src src
COPY workflows workflows
COPY activities activities
COPY infra infra
ENV WINDLASS_HOME=/home/node/windlass
RUN mkdir --parents /home/node/windlass && chown node:node /home/node/windlass
USER node
CMD ["sh", "tools/compose/worker.sh"]
