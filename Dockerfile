# The application in one image: no model to download, no key, nothing but its port.
#
#   docker build -t dateline .
#   docker run --rm -v dateline:/data -v ./articles:/articles:ro dateline index /articles
#
# The whole of it, with PostgreSQL and a Chroma server: compose.yaml and docs/deploying.md.

FROM python:3.11.14-slim-bookworm AS built

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/dateline
WORKDIR /src
# The packages first: they change less often than the code.
COPY requirements-server.txt ./
RUN /opt/dateline/bin/pip install --require-hashes -r requirements-server.txt
COPY pyproject.toml README.md LICENSE ./
COPY prompts prompts
COPY assistant assistant
RUN /opt/dateline/bin/pip install --no-deps --no-build-isolation . \
    && /opt/dateline/bin/python -m compileall -q /opt/dateline/lib


FROM python:3.11.14-slim-bookworm

RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent dateline \
    && install --directory --owner dateline --group dateline --mode 0700 /data
COPY --from=built /opt/dateline /opt/dateline

# Only /data and /tmp are written to: the rest may be read-only.
ENV PATH=/opt/dateline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    DATELINE_HOST=0.0.0.0 \
    DATELINE_PORT=7860 \
    DATELINE_INDEX=/data/index \
    DATELINE_USERS_FILE=/data/users.json
USER dateline
WORKDIR /data
VOLUME /data
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['DATELINE_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["assistant"]
CMD ["serve"]
