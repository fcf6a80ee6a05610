"""Whether web, worker and beat live."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "reviewhub.health"
    label = "health"

    def ready(self):
        # Models are loaded now.
        from reviewhub.health import checks, gauges, installation, machine, processes  # noqa: PLC0415

        gauges.register_own()
        checks.register("settings", installation.settings_agree)
        checks.register("database", machine.database_answers)
        checks.register("migrations", machine.database_is_migrated)
        checks.register("data folder", machine.folder_is_fit)
        checks.register("prepared files", machine.files_are_prepared)
        checks.register("broker", processes.broker_answers)
        checks.register("worker", processes.background_lives)
        checks.register("mail", processes.mail_server_answers)
        checks.register("backups", machine.backups_are_fresh)
