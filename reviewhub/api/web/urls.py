"""Addresses of tokens."""

from django.urls import path

from reviewhub.api.web import tokens

urlpatterns = [
    path("profile/tokens/", tokens.own, name="tokens"),
    path("profile/tokens/new/", tokens.new_own, name="token-new"),
    path("tokens/machines/", tokens.machines, name="machine-tokens"),
    path("tokens/machines/new/", tokens.new_machine, name="machine-token-new"),
    path("tokens/<int:pk>/revoke", tokens.revoke, name="token-revoke"),
]
