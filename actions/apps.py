"""Tasks."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"

    def ready(self):
        from actions import budget_notices, checkin_kinds, overdue  # noqa: PLC0415 - models are not loaded when this module is

        checkin_kinds.register()
        overdue.register()
        budget_notices.register()
