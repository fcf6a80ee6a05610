"""The tables of actions: what people promised to do."""

from actions.models.action import Action, ActionQuerySet

__all__ = ["Action", "ActionQuerySet"]
