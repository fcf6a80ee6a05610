"""Signs of life of the background processes."""

from django.db import models


class Heartbeat(models.Model):
    """When a process of this name last showed itself: `beat` (a whole tick), `worker <host>`, `schedule <host>`."""

    name = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()
    version = models.CharField(max_length=20, blank=True)
