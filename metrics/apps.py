"""Numbers."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self):
        # Models are not loaded when this module is.
        from metrics import (  # noqa: PLC0415
            badge_notices,
            cycle_notices,
            data_notices,
            feed_kinds,
            freeze_checks,
            freeze_notices,
            proposal_notices,
            ruling_notices,
            uses,
        )
        from metrics.models import Ruling, SideAnswer, Signature, Snapshot  # noqa: PLC0415
        from reviewhub.people import appending  # noqa: PLC0415

        for model in (Snapshot, Signature, Ruling, SideAnswer):
            appending.seal(model._meta.db_table)
        badge_notices.register()
        cycle_notices.register()
        data_notices.register()
        feed_kinds.register()
        freeze_checks.register()
        freeze_notices.register()
        proposal_notices.register()
        ruling_notices.register()
        uses.register_own()
