"""Addresses of actions: the board, and one press that moves an action."""

from django.urls import path

from actions.web import board

urlpatterns = [
    path("actions/", board.actions, name="actions"),
    path("actions/<int:pk>/status", board.status, name="action-status"),
]
