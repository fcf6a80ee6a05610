"""The live meeting."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self):
        from meetings import (  # noqa: PLC0415 - models are loaded now
            calendar,
            calling_off,
            invitation_notices,
            minutes_notices,
            preread_notices,
            question_notices,
            thanks,
            topics,
        )

        calendar.register()
        calling_off.register()
        invitation_notices.register()
        minutes_notices.register()
        preread_notices.register()
        question_notices.register()
        thanks.register()
        topics.register()
