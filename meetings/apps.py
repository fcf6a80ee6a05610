"""The live meeting."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self):
        from meetings import calendar, calling_off, preread_notices, topics  # noqa: PLC0415 - models are loaded now

        calendar.register()
        calling_off.register()
        preread_notices.register()
        topics.register()
