# One image for web server, worker and every `manage.py` command.
# The major version of the server that compose.yaml runs: an older pg_dump refuses a newer server.
ARG PG_MAJOR=17
# A Debian with Python 3.11 or newer as `python`, and its venv.
ARG BASE=python:3.13-slim-bookworm
ARG POSTGRESQL=postgres:${PG_MAJOR}-bookworm
FROM ${POSTGRESQL} AS postgresql

FROM ${BASE} AS libraries
COPY requirements/s3.txt /requirements/
# The last three: django-eventstream asks for them, and nothing that runs here imports them.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements/s3.txt \
    && /venv/bin/pip uninstall --yes --quiet django-grip werkzeug markupsafe

FROM ${BASE}
ARG PG_MAJOR
# Where the image of the server had its programs from, for those of the same version.
COPY --from=postgresql /etc/apt/sources.list.d/pgdg.list /etc/apt/sources.list.d/
COPY --from=postgresql /usr/local/share/keyrings/postgres.gpg.asc /usr/local/share/keyrings/
# ca-certificates: model servers are verified. postgresql-client: backups of PostgreSQL.
# tesseract-ocr: scanned pages are read; it comes with English.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client-${PG_MAJOR} tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin atom \
    && install --directory --owner atom --mode 0700 /data /backups
COPY --from=libraries /venv /venv
WORKDIR /atom
COPY manage.py ./
COPY accounts ./accounts
COPY atom_project ./atom_project
COPY documents ./documents
COPY static ./static
COPY templates ./templates
RUN /venv/bin/python -m compileall -q accounts atom_project documents
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ATOM_DATA_DIR=/data \
    ATOM_HOST=0.0.0.0 \
    ATOM_LOG=json
USER atom
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "up", "--no-worker"]
