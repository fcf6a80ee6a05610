"""What is known of the company itself: name, clock, meaning of colours, and who needs a second factor."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from reviewhub.people import activity, zones
from reviewhub.people.models import ColourMeaning, Company, SecondFactor, User
from reviewhub.people.staffing import may_manage

FIELDS = ("name", "name_en", "time_zone", "second_factor", "colours")


class CannotSettle(Exception):
    """Nothing was changed; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def problems_with(
    *,
    name: str,
    name_en: str,
    time_zone: str,
    by: User,
    second_factor: str = SecondFactor.LEADERS,
    colours: str = ColourMeaning.BLUE_ORANGE,
) -> dict[str, str]:
    """Field → what stands against it."""
    found = {} if may_manage(by) else {"": _("Only an administrator manages people.")}
    if not name and not name_en:
        found["name"] = _("Write the name of the company.")
    if not zones.is_zone(time_zone):
        found["time_zone"] = _("“%(name)s” is not a time zone. Choose one from the list.") % {
            "name": time_zone[:64]
        }
    if second_factor not in SecondFactor.values:
        found["second_factor"] = _("Choose who needs a second factor.")
    if colours not in ColourMeaning.values:
        found["colours"] = _("This meaning of colours is not available.")
    return found


@transaction.atomic
def settle(
    *,
    name: str,
    name_en: str,
    time_zone: str,
    second_factor: str = SecondFactor.LEADERS,
    colours: str = ColourMeaning.BLUE_ORANGE,
    by: User,
    at: dt.datetime,
) -> Company:
    """Keep what is given; the company comes to be with the first time.

    Raises CannotSettle.
    """
    given = {"name": name or name_en, "name_en": name_en}
    given |= {"time_zone": time_zone, "second_factor": second_factor, "colours": colours}
    if problems := problems_with(**given | {"name": name}, by=by):
        raise CannotSettle(problems)
    before = Company.objects.filter(pk=1).values(*FIELDS).first()
    company, _is_new = Company.objects.update_or_create(pk=1, defaults=given)
    if before != given:
        activity.record("company.changed", company, by=by, at=at, before=before, after=given)
    return company
