# One image for worker and web, and one for the simulator, which tries things and is in no other. Demo,
# development and the embedded Temporal server are in none. PYTHON_IMAGE may name a digest.
ARG PYTHON_IMAGE=python:3.11-slim
FROM ${PYTHON_IMAGE} AS dependencies
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
# First what changes seldom, so that a change of ours does not install every dependency again.
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project
COPY . .

FROM dependencies AS simulator-built
RUN uv sync --frozen --no-dev --no-editable

FROM dependencies AS aftermath-built
RUN rm -r simulator && uv sync --frozen --no-dev --no-editable

FROM ${PYTHON_IMAGE} AS user
RUN useradd --system --uid 10001 --home-dir /var/lib/aftermath --create-home aftermath \
    && install --directory --owner aftermath /var/lib/aftermath/archive /var/lib/aftermath/simulator
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PM_ARCHIVE_FOLDER=/var/lib/aftermath/archive
USER aftermath
WORKDIR /var/lib/aftermath

FROM user AS simulator
COPY --from=simulator-built /app/.venv /app/.venv
ENTRYPOINT ["python", "-m", "simulator"]

FROM user AS aftermath
COPY --from=aftermath-built /app/.venv /app/.venv
# Worker and web answer /livez alike, on the internal port.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + (os.environ.get('PM_INTERNAL_PORT') or '8081') + '/livez', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["aftermath"]
CMD ["worker"]
