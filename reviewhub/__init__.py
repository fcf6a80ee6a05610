"""ReviewHub: the whole business review of a cross-border seller, from upload to task."""

from reviewhub.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
