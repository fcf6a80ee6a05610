"""Notices: occurrences, messages and their way to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "reviewhub.notices"
    label = "notices"

    def ready(self):
        from reviewhub.health import gauges  # noqa: PLC0415
        from reviewhub.notices import checks, own_kinds  # noqa: F401, PLC0415 - models are not loaded when this module is

        own_kinds.register()
        for name, model in {"messages": "Message", "deliveries": "Delivery"}.items():
            counted = gauges.jobs_by_state(f"notices.{model}")
            gauges.register(name, counted, help=f"{model} rows by state", labels=("state",))
