"""The project itself as an application: its commands."""

from django.apps import AppConfig


class ReviewHubConfig(AppConfig):
    name = "reviewhub"
    label = "reviewhub"
