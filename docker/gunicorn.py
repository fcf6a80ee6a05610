"""gunicorn for the pages: threads, limits, one format of log lines, figures of all its processes together."""

import os
import shutil
from pathlib import Path

from prometheus_client import multiprocess

FIGURES = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# No database handle may be open when a worker is forked (robustness M10): each loads the site itself.
preload_app = False
timeout = (
    150  # a worker that shows no life that long is replaced; long uploads run in threads and do not count
)
graceful_timeout = 30
keepalive = 75  # longer than the proxy keeps a connection
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 16_380
accesslog = None  # the site writes one line a request itself, without what opens doors
logconfig_dict = {
    "formatters": {
        "plain": {"()": "reviewhub.health.logs.Plain"},
        "json": {"()": "reviewhub.health.logs.Json"},
    },
    "handlers": {
        "ours": {"class": "logging.StreamHandler", "formatter": os.environ.get("LOG_FORMAT", "plain")},
    },
    "root": {"handlers": ["ours"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["ours"], "level": "INFO", "propagate": False}},
}


def on_starting(server):
    """Figures of an earlier run are not figures of this one."""
    if FIGURES:
        shutil.rmtree(FIGURES, ignore_errors=True)
        Path(FIGURES).mkdir(parents=True, exist_ok=True)


def child_exit(server, worker):
    if FIGURES:
        multiprocess.mark_process_dead(worker.pid)
