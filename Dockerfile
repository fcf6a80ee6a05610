# One image for web, worker and beat.
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PATH="/app/.venv/bin:$PATH"
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN python -m reviewhub.translations
RUN useradd --system --home /data reviewhub && mkdir /data && chown reviewhub /data
USER reviewhub
VOLUME /data
