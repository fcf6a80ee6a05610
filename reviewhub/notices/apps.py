"""Notices: occurrences, messages and their way to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "reviewhub.notices"
    label = "notices"

    def ready(self):
        from reviewhub.notices import own_kinds  # noqa: PLC0415 - models are not loaded when this module is

        own_kinds.register()
