"""The project itself as an application: its commands."""

from django.apps import AppConfig


class ReviewHubConfig(AppConfig):
    name = "reviewhub"
    label = "reviewhub"

    def ready(self):
        from reviewhub import digest, operation  # noqa: PLC0415 - models are loaded now
        from reviewhub.health import checks, gauges  # noqa: PLC0415

        digest.register()
        checks.register("second factors", operation.administrators_are_protected)
        gauges.register(
            "imports", gauges.jobs_by_state("metrics.ImportJob"), help="Uploads by state", labels=("state",)
        )
