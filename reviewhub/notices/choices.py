"""What a person wants to be told, on which channel, and when they may be reached."""

import datetime as dt

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from reviewhub.notices import kinds
from reviewhub.notices.hours import Hours
from reviewhub.notices.models import Channel, OpenHours, Preference
from reviewhub.people.models import Company, User
from reviewhub.people.preferences import zone_of


def channels(user: User, kind: kinds.Kind) -> set[str]:
    """The channels on which `user` is told `kind`; the inbox always, and mail always where it is required."""
    chosen = dict(Preference.objects.filter(user=user, kind=kind.code).values_list("channel", "wanted"))
    wanted = {Channel.INAPP}
    if kind.required or chosen.get(Channel.EMAIL, kind.mail):
        wanted.add(Channel.EMAIL)
    if chosen.get(Channel.CHAT, kind.chat):
        wanted.add(Channel.CHAT)
    return wanted


def hours(user: User) -> Hours:
    """When `user` may be reached, in their zone, else the company's."""
    zone = zone_of(user, Company.objects.first())
    try:
        row = user.open_hours
    except ObjectDoesNotExist:
        return Hours(zone)
    return Hours(zone, row.opens, row.closes, row.weekends)


@transaction.atomic
def choose(user: User, wanted: dict[tuple[str, str], bool]) -> None:
    """Keep the person's choices: (kind, channel) → wanted. What is required or unknown is left alone."""
    for (code, channel), value in wanted.items():
        kind = kinds.find(code)
        if kind is None or not kind.chosen or channel not in (Channel.EMAIL, Channel.CHAT):
            continue
        if channel == Channel.EMAIL and kind.required:
            continue
        Preference.objects.update_or_create(user=user, kind=code, channel=channel, defaults={"wanted": value})


def set_hours(user: User, opens: dt.time, closes: dt.time, *, weekends: bool) -> OpenHours:
    """Keep when the person may be reached. ValueError unless it opens before it closes."""
    if opens >= closes:
        raise ValueError("the hours end before they begin")
    row, _made = OpenHours.objects.update_or_create(
        user=user, defaults={"opens": opens, "closes": closes, "weekends": weekends}
    )
    return row
