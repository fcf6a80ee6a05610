"""What is known of the company itself: its name, and the clock by which its meetings and deadlines run."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from reviewhub.people import activity, zones
from reviewhub.people.models import Company, User
from reviewhub.people.staffing import may_manage

FIELDS = ("name", "name_en", "time_zone")


class CannotSettle(Exception):
    """Nothing was changed; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def problems_with(*, name: str, name_en: str, time_zone: str, by: User) -> dict[str, str]:
    """Field → what stands against it."""
    found = {} if may_manage(by) else {"": _("Only an administrator manages people.")}
    if not name and not name_en:
        found["name"] = _("Write the name of the company.")
    if not zones.is_zone(time_zone):
        found["time_zone"] = _("“%(name)s” is not a time zone. Choose one from the list.") % {
            "name": time_zone[:64]
        }
    return found


@transaction.atomic
def settle(*, name: str, name_en: str, time_zone: str, by: User, at: dt.datetime) -> Company:
    """Keep name and time zone; the company comes to be with the first time. Raises CannotSettle."""
    given = {"name": name or name_en, "name_en": name_en, "time_zone": time_zone}
    if problems := problems_with(name=name, name_en=name_en, time_zone=time_zone, by=by):
        raise CannotSettle(problems)
    before = Company.objects.filter(pk=1).values(*FIELDS).first()
    company, _is_new = Company.objects.update_or_create(pk=1, defaults=given)
    if before != given:
        activity.record("company.changed", company, by=by, at=at, before=before, after=given)
    return company
