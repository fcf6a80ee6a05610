"""Numbers."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self):
        # Models are not loaded when this module is.
        from metrics import data_notices, feed_kinds, proposal_notices, uses  # noqa: PLC0415

        data_notices.register()
        feed_kinds.register()
        proposal_notices.register()
        uses.register_own()
