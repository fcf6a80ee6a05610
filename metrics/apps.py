"""Numbers."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self):
        from metrics import data_notices  # noqa: PLC0415 - models are not loaded when this module is

        data_notices.register()
