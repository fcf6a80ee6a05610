"""Whether web, worker and beat live."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "reviewhub.health"
    label = "health"
