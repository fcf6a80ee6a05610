"""Objectives and key results."""

from django.apps import AppConfig


class OkrConfig(AppConfig):
    name = "okr"

    def ready(self):
        # Models are not loaded when this module is.
        from okr import cycle_notices, pay_notices, pay_pins  # noqa: PLC0415
        from okr.models import OfferStep  # noqa: PLC0415
        from reviewhub.people import appending  # noqa: PLC0415

        appending.seal(OfferStep._meta.db_table)
        cycle_notices.register()
        pay_notices.register()
        pay_pins.register()
