"""What a person wants to be told, on which channel, and when they may be reached."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from reviewhub.notices import kinds
from reviewhub.notices.hours import Hours
from reviewhub.notices.models import Channel, OpenHours, Preference, Webhook
from reviewhub.people.models import Company, User
from reviewhub.people.preferences import zone_of


@dataclass(frozen=True)
class Choices:
    """What one person chose: when they may be reached, (kind, channel) → wanted, and their own chat addresses."""

    hours: Hours
    wanted: dict[tuple[str, str], bool]
    hooks: tuple[Webhook, ...]

    def channels(self, kind: kinds.Kind) -> set[str]:
        """The channels on which they are told `kind`; the inbox always, and mail always where it is required."""
        told = {Channel.INAPP}
        if kind.required or self.wanted.get((kind.code, Channel.EMAIL), kind.mail):
            told.add(Channel.EMAIL)
        if self.wanted.get((kind.code, Channel.CHAT), kind.chat):
            told.add(Channel.CHAT)
        return told


def of(users: Iterable[User]) -> dict[int, Choices]:
    """The choices of all of them by their ids, in four queries."""
    people = {user.pk: user for user in users}
    company = Company.objects.first()
    wanted = {pk: {} for pk in people}
    for row in Preference.objects.filter(user__in=people):
        wanted[row.user_id][row.kind, row.channel] = row.wanted
    hooks = {pk: [] for pk in people}
    for hook in Webhook.objects.enabled().filter(owner__in=people, audience=Webhook.Audience.PERSON):
        hooks[hook.owner_id].append(hook)
    rows = OpenHours.objects.in_bulk(people)
    return {
        pk: Choices(open_hours(zone_of(user, company), rows.get(pk)), wanted[pk], tuple(hooks[pk]))
        for pk, user in people.items()
    }


def open_hours(zone, row: OpenHours | None) -> Hours:
    return Hours(zone, row.opens, row.closes, row.weekends) if row else Hours(zone)


def channels(user: User, kind: kinds.Kind) -> set[str]:
    """The channels on which `user` is told `kind`."""
    return of([user])[user.pk].channels(kind)


def hours(user: User) -> Hours:
    """When `user` may be reached, in their zone, else the company's."""
    return open_hours(zone_of(user, Company.objects.first()), OpenHours.objects.filter(user=user).first())


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
