"""Signs of life of the background processes."""

from django.db import models


class Heartbeat(models.Model):
    """When a background process last showed itself."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    version = models.CharField(max_length=20, blank=True)
