# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /stint
COPY requirements/run.txt requirements/run.txt
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
RUN .venv/bin/pip install --no-cache-dir --no-build-isolation --no-deps -e . \
    && .venv/bin/python -m compileall -q bot cogs

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --home-dir /stint --shell /usr/sbin/nologin stint
WORKDIR /stint
COPY --from=build /stint /stint
COPY data/packs data/packs
COPY locale locale
RUN mkdir -p data/state && chown stint data/state && chmod 0700 data/state
ENV PATH=/stint/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER stint
VOLUME /stint/data/state
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s CMD ["stint", "check", "--alive"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["stint"]
CMD ["run"]
