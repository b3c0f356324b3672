# One image for worker and web. The embedded Temporal server is for demos and stays out of it.
FROM python:3.11-slim AS built
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv
WORKDIR /app
# First what changes seldom, so that a change of ours does not install every dependency again.
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project
COPY . .
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/aftermath --create-home aftermath \
    && install --directory --owner aftermath /var/lib/aftermath/archive /var/lib/aftermath/simulator
COPY --from=built /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PM_ARCHIVE_FOLDER=/var/lib/aftermath/archive
USER aftermath
WORKDIR /var/lib/aftermath
# Worker and web answer /livez alike, on the internal port.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + (os.environ.get('PM_INTERNAL_PORT') or '8081') + '/livez', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["aftermath"]
CMD ["worker"]
