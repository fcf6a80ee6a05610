"""Notices: occurrences, messages and their way to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "reviewhub.notices"
    label = "notices"

    def ready(self):
        from reviewhub.notices import checks, own_kinds  # noqa: F401, PLC0415 - models are not loaded when this module is

        own_kinds.register()
