"""Sources: entered and changed by administrators, paused and asked at once by the department; their health."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import feed_outages, feed_words, known_profiles
from metrics.feeding import address, database, places, secrets
from metrics.feeding.fetched import Failed
from metrics.models import Feed
from reviewhub.people import activity
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import may
from reviewhub.people.staffing import may_manage

Kind, Covers = Feed.Kind, Feed.Covers
LONGEST_QUERY = 20_000
NAMES = {
    Kind.FOLDER: ("path",),
    Kind.QUERY: ("secret", "file", "query"),
    Kind.ADDRESS: ("url", "secret"),
}


class CannotKeep(Exception):
    """Nothing was changed; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Details:
    """A source as it is entered. `config` as its kind asks for (NAMES)."""

    name: str
    department: Department | None
    kind: str
    covers: str
    every_minutes: int
    owner: User | None
    config: dict = field(default_factory=dict)
    profile: str = ""


def may_enter(by: User) -> bool:
    """A query runs with the company's key: only administrators enter sources."""
    return may_manage(by)


def may_handle(feed: Feed, by: User) -> bool:
    """Pause it and ask it at once: the department, and administrators."""
    return may_enter(by) or may(by, "submission.edit", feed.department)


def problems_with(given: Details, *, by: User, feed: Feed | None = None) -> dict[str, str]:
    """Field → what stands against keeping this source."""
    found = {} if may_enter(by) else {"": _("Only an administrator enters sources.")}
    others = Feed.objects.exclude(pk=feed.pk if feed else None)
    if not given.name.strip() or len(given.name) > 80:
        found["name"] = _("Give the source a name of at most 80 characters.")
    elif others.filter(name=given.name.strip()).exists():
        found["name"] = _("There is a source of this name already.")
    if given.department is None:
        found["department"] = _("Choose the department whose data this is.")
    if given.owner is None or not given.owner.is_active:
        found["owner"] = _("Choose who hears of it when the source fails.")
    if given.every_minutes not in feed_words.EVERY:
        found["every_minutes"] = _("Choose how often it is asked.")
    if given.covers not in Covers or (given.covers == Covers.NAME and given.kind != Kind.FOLDER):
        found["covers"] = _(
            "Choose which period the data covers. Only files in a folder carry it in their names."
        )
    if problem := profile_problem(given):
        found["profile"] = problem
    return found | config_problems(given, others)


def profile_problem(given: Details) -> str:
    if not given.profile:
        return ""
    try:
        owner = known_profiles.named(given.profile).department()
    except known_profiles.UnknownProfile:
        return _("There is no such kind of file.")
    if owner and given.department and owner.pk != given.department.pk:
        return _("Files of this kind are handed in by another department.")
    return ""


def config_problems(given: Details, others) -> dict[str, str]:
    """What stands against the place: the rules of fetching, asked before anything is fetched."""
    config = given.config
    match given.kind:
        case Kind.FOLDER:
            found = {"path": of(lambda: places.folder(config.get("path", "")))}
            if (
                not found["path"]
                and others.filter(kind=Kind.FOLDER, config__path=config.get("path")).exists()
            ):
                found["path"] = _("Another source watches this folder.")
        case Kind.QUERY:
            wrong = database.query_problem(config.get("query", ""))
            found = {"query": feed_words.worded({"code": wrong, "params": {}}) if wrong else ""}
            if len(config.get("query", "")) > LONGEST_QUERY:
                found["query"] = _("The query is too long.")
            if bool(config.get("file")) == bool(config.get("secret")):
                found["secret"] = _(
                    "Name the secret that holds the address of the database, or an SQLite file."
                )
            elif config.get("file"):
                found["file"] = of(lambda: places.inside(config["file"]))
            else:
                found["secret"] = of(lambda: secrets.value(config["secret"]))
        case Kind.ADDRESS:
            found = {"url": of(lambda: allowed(config.get("url", "")))}
            if config.get("secret"):
                found["secret"] = of(lambda: secrets.value(config["secret"]))
        case _other:
            found = {"kind": _("Choose where the data comes from.")}
    return {name: sentence for name, sentence in found.items() if sentence}


def of(act) -> str:
    """The sentence of what `act` refuses; "" when it goes well."""
    try:
        act()
    except Failed as failure:
        return feed_words.worded({"code": failure.code, "params": failure.params})
    return ""


def allowed(url: str) -> None:
    if not address.is_allowed(url):
        raise Failed("HOST_FORBIDDEN", host=address.host_of(url))


@transaction.atomic
def keep(given: Details, *, by: User, at: dt.datetime, feed: Feed | None = None) -> Feed:
    """Enter a source, or change one: it is asked at once, and what failed before counts no more. CannotKeep."""
    if problems := problems_with(given, by=by, feed=feed):
        raise CannotKeep(problems)
    row, is_new = feed or Feed(made_at=at, made_by=by, next_run_at=at), feed is None
    before = None if is_new else facts(row)
    config = {name: given.config[name] for name in NAMES[given.kind] if given.config.get(name)}
    row.marks = row.marks if not is_new and row.config == config else {}
    row.name, row.department, row.owner, row.profile = (
        given.name.strip(), given.department, given.owner, given.profile
    )  # fmt: skip
    row.kind, row.covers, row.every_minutes, row.config = (
        given.kind,
        given.covers,
        given.every_minutes,
        config,
    )
    row.next_run_at, row.disabled_at, row.hopeless = at, None, 0
    row.save()
    _record(
        "source.entered" if is_new else "source.changed", row, by=by, at=at, before=before, after=facts(row)
    )
    return row


@transaction.atomic
def pause(feed: Feed, *, by: User, at: dt.datetime) -> bool:
    """Ask it no more until somebody says so; twice is once."""
    if not Feed.objects.filter(pk=feed.pk, paused_at=None).update(paused_at=at):
        return False
    feed_outages.end(feed, at=at)
    _record("source.paused", feed, by=by, at=at)
    return True


@transaction.atomic
def resume(feed: Feed, *, by: User, at: dt.datetime) -> bool:
    """Ask it again, from now on; also after it was switched off for its failures."""
    rows = Feed.objects.filter(pk=feed.pk).exclude(paused_at=None, disabled_at=None)
    if not rows.update(paused_at=None, disabled_at=None, hopeless=0, next_run_at=at):
        return False
    _record("source.resumed", feed, by=by, at=at)
    return True


@transaction.atomic
def remove(feed: Feed, *, by: User, at: dt.datetime) -> None:
    """Forget the source and its history; what it brought stays."""
    _record("source.removed", feed, by=by, at=at)
    feed.delete()


def facts(feed: Feed) -> dict:
    """What the activity log keeps; never a query, an address or the name of a secret."""
    return {"department": feed.department.code, "kind": feed.kind, "every_minutes": feed.every_minutes}


def freshness(feed: Feed, *, at: dt.datetime) -> dt.timedelta | None:
    """How old the newest success is; None before the first."""
    return at - feed.last_success_at if feed.last_success_at else None


def _record(code: str, feed: Feed, *, by, at, before=None, after=None) -> None:
    activity.record(
        code, feed, by=by, at=at, params={"name": feed.name}, before=before, after=after,
        department=feed.department,
    )  # fmt: skip
