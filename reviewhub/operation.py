"""What the people of an installation mean for its safety: checks that need to know accounts."""

import datetime as dt
from collections.abc import Iterable

from django.db import DatabaseError
from django.utils.translation import gettext_noop as _

from reviewhub.health.checks import NOTE, Finding
from reviewhub.people import second_factor
from reviewhub.people.models import Company, User
from reviewhub.people.permissions import may


def administrators_are_protected(at: dt.datetime) -> Iterable[Finding]:
    """Administrators without a second factor, by user name; not in a demonstration."""
    try:
        if Company.objects.filter(is_demo=True).exists():
            return
        bare = [
            person.username
            for person in User.objects.active().order_by("username")
            if may(person, "people.manage") and not second_factor.has_one(person)
        ]
    except DatabaseError:
        return  # the check of the database says so
    if bare:
        yield Finding(
            "SECOND_FACTOR",
            NOTE,
            _("Administrators without a second factor: %(names)s"),
            _("Their profile page sets one up in a minute."),
            {"names": ", ".join(bare)},
        )
