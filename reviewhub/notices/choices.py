"""What a person wants to be told, on which channel, and when they may be reached."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from reviewhub.notices import kinds
from reviewhub.notices.hours import Hours
from reviewhub.notices.models import Channel, OpenHours, Preference, Webhook
from reviewhub.people import company_days
from reviewhub.people.models import Company, User
from reviewhub.people.preferences import zone_of
from reviewhub.people.workdays import WorkingDays

SHORTEST = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Choice:
    """One kind and where its reader wants it. `inbox`: it is listed in the app; `mail_fixed`: mail is not a choice."""

    code: str
    label: str
    note: str
    inbox: bool
    mail: bool
    chat: bool
    mail_fixed: bool


@dataclass(frozen=True)
class Ways:
    """By which ways a person can be reached besides the app: an address each, or nothing."""

    mail: str
    chats: tuple[Webhook, ...]


def ways(user: User) -> Ways:
    """Their e-mail address, and the chat addresses that an administrator entered for them."""
    chats = Webhook.objects.filter(owner=user, audience=Webhook.Audience.PERSON)
    return Ways(user.email, tuple(chats))


def offered(user: User) -> list[kinds.Kind]:
    """The kinds that `user` may choose about."""
    return [kind for kind in kinds.every() if kind.chosen and kind.concerns(user)]


def matrix(user: User) -> list[Choice]:
    """Every kind that concerns `user` with its channels, in the order in which the apps registered them."""
    chosen = of([user])[user.pk]
    rows = []
    for kind in offered(user):
        told = chosen.channels(kind)
        mail, chat = Channel.EMAIL in told, Channel.CHAT in told
        rows.append(Choice(kind.code, str(kind.label), str(kind.note), kind.inbox, mail, chat, kind.required))
    return rows


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
    """The choices of all of them by their ids, in five queries."""
    people = {user.pk: user for user in users}
    company, days = Company.objects.first(), company_days.working_days()
    wanted = {pk: {} for pk in people}
    for row in Preference.objects.filter(user__in=people):
        wanted[row.user_id][row.kind, row.channel] = row.wanted
    hooks = {pk: [] for pk in people}
    for hook in Webhook.objects.enabled().filter(owner__in=people, audience=Webhook.Audience.PERSON):
        hooks[hook.owner_id].append(hook)
    rows = OpenHours.objects.in_bulk(people)
    return {
        pk: Choices(open_hours(zone_of(user, company), rows.get(pk), days), wanted[pk], tuple(hooks[pk]))
        for pk, user in people.items()
    }


def open_hours(zone, row: OpenHours | None, days: WorkingDays) -> Hours:
    return Hours(zone, row.opens, row.closes, row.weekends, days) if row else Hours(zone, days=days)


def channels(user: User, kind: kinds.Kind) -> set[str]:
    """The channels on which `user` is told `kind`."""
    return of([user])[user.pk].channels(kind)


def hours(user: User) -> Hours:
    """When `user` may be reached, in their zone, else the company's."""
    row = OpenHours.objects.filter(user=user).first()
    return open_hours(zone_of(user, Company.objects.first()), row, company_days.working_days())


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


class CannotChoose(Exception):
    """Hours that nobody can keep; `problems` says why: field → sentence."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def hours_problems(opens: dt.time, closes: dt.time) -> dict[str, str]:
    """What stands against these hours: they begin before they end, an hour apart at least."""
    length = dt.timedelta(hours=closes.hour - opens.hour, minutes=closes.minute - opens.minute)
    if length < SHORTEST:
        return {"closes": _("Leave at least an hour between the two.")}
    return {}


def set_hours(user: User, opens: dt.time, closes: dt.time, *, weekends: bool) -> OpenHours:
    """Keep when the person may be reached. Raises CannotChoose."""
    if problems := hours_problems(opens, closes):
        raise CannotChoose(problems)
    row, _made = OpenHours.objects.update_or_create(
        user=user, defaults={"opens": opens, "closes": closes, "weekends": weekends}
    )
    return row
