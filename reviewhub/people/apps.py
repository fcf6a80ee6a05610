"""People: who works here and who may do what."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "reviewhub.people"
    label = "people"

    def ready(self):
        # The roles and the five departments are part of the product: present after every migrate (and test flush).
        post_migrate.connect(_founding, sender=self)
        from reviewhub.people.web import signals  # noqa: PLC0415 - models are not loaded when this module is

        signals.connect()


def _founding(sender, **_options):
    from reviewhub.people import appending, founding  # noqa: PLC0415 - models are not loaded when this module is

    appending.guard()
    founding.ensure()
