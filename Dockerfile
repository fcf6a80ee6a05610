# `reviewhub`: one image for pages, streams, worker and beat. `proxy`: Caddy with our configuration.
FROM caddy:2.11-alpine AS proxy
# It listens above 1024 and needs no capability; certificates go into a folder of its own.
RUN setcap -r /usr/bin/caddy && adduser -S -D -H -u 10001 proxy \
    && mkdir -p /var/lib/caddy && chown proxy /var/lib/caddy
ENV XDG_DATA_HOME=/var/lib/caddy XDG_CONFIG_HOME=/tmp
COPY docker/Caddyfile /etc/caddy/Caddyfile
USER proxy
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]

FROM python:3.12-slim AS reviewhub
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH="/app/.venv/bin:$PATH"
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
# Compiled here: the running containers cannot write into the image.
RUN python -m reviewhub.translations && python -m compileall -q manage.py reviewhub metrics okr actions meetings
RUN useradd --system --uid 10001 --home /data reviewhub && mkdir /data /backups && chown reviewhub /data /backups
USER reviewhub
VOLUME ["/data", "/backups"]
