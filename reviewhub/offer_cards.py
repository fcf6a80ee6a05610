"""Offers of key results on the home page: what waits for the person's word."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from okr import offers
from reviewhub.cards import Card
from reviewhub.people.models import User


def due(user: User, *, at: dt.datetime) -> list[Card]:
    """To be answered within days of the last word of the other side."""
    return [
        Card(
            key=f"offer-{one.pk}",
            state="queued",
            title=_("Key result on offer: %(title)s") % {"title": one.title},
            url=reverse("okr-offer", args=[one.cycle.code, one.pk]),
            verb=_("Answer"),
            due_at=one.changed_at + offers.ANSWER_IN,
            urgent=at > one.changed_at + offers.ANSWER_IN,
            note=_("For “%(serves)s”: accept, offer other terms, or decline.") % {"serves": one.serves.title},
        )
        for one in offers.waiting(user)
    ]
