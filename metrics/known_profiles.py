"""Every import profile of this installation: the shipped ones and those that people saved."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metrics.intake.profile import SHIPPED, Profile, ProfileError
from metrics.models import SavedProfile
from reviewhub.people import activity
from reviewhub.people.models import Department
from reviewhub.people.names import folded, search_key

NAME = re.compile(r"[-a-zA-Z0-9_]{1,60}")


class UnknownProfile(LookupError):
    """No shipped or saved profile has this name."""


class CannotSave(Exception):
    """The profile was not saved; `problems` says why."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class KnownProfile:
    """A profile, its text, and where it comes from ("shipped" or "saved")."""

    profile: Profile
    source: str
    number: int
    spec: str

    @property
    def name(self) -> str:
        return self.profile.name

    def title(self, language: str) -> str:
        return self.profile.title_zh if language.startswith("zh") else self.profile.title_en

    def department(self) -> Department | None:
        return Department.objects.named(self.profile.department).first()

    def is_of(self, department: Department) -> bool:
        """Whether this department hands such files in; asks no question of the database."""
        names = (department.code, department.slug, department.name_zh, department.name_en)
        return self.profile.department.casefold() in [name.casefold() for name in names]

    def answers(self, text: str) -> bool:
        """Whether its name or a title (pinyin and initials included) contains `text`."""
        needle = folded(text)
        return not needle or needle in search_key(self.name, self.profile.title_zh, self.profile.title_en)

    @property
    def is_everyday(self) -> bool:
        """Whether its department is expected to hand it in: a tidy template, or a kind of file that it saved."""
        return self.profile.is_template or self.source == "saved"


def everything() -> list[KnownProfile]:
    """Shipped profiles and the newest version of each saved one, by name; unreadable ones are left out."""
    known = {name: _shipped(name) for name in Profile.shipped()}
    for row in SavedProfile.objects.order_by("name", "number"):
        try:
            known[row.name] = KnownProfile(_read(row.spec), "saved", row.number, row.spec)
        except ProfileError:
            continue
    return [known[name] for name in sorted(known)]


def owners(profiles: list[KnownProfile]) -> dict[str, Department]:
    """The department that hands in files of each profile, by the profile's name; one query for all."""
    known = {
        text.casefold(): department
        for department in Department.objects.all()
        for text in (department.name_zh, department.name_en, department.slug, department.code)
    }
    found = {one.name: known.get(one.profile.department.casefold()) for one in profiles}
    return {name: department for name, department in found.items() if department is not None}


def named(name: str) -> KnownProfile:
    """The profile that is called `name`. Raises UnknownProfile."""
    if name in Profile.shipped():
        return _shipped(name)
    row = SavedProfile.objects.filter(name=name).order_by("number").last()
    if row is None:
        raise UnknownProfile(name)
    try:
        return KnownProfile(_read(row.spec), "saved", row.number, row.spec)
    except ProfileError as error:
        raise UnknownProfile(name) from error


def save(name: str, spec: str, *, by, at: dt.datetime) -> KnownProfile:
    """Keep `spec` (YAML) as the newest version of the profile `name`; the same content again changes nothing.

    Raises CannotSave. A shipped profile cannot be replaced, only copied under another name.
    """
    profile = _checked(name, spec)
    with transaction.atomic():
        last = SavedProfile.objects.select_for_update().filter(name=name).order_by("number").last()
        if last and last.digest == profile.digest:
            return KnownProfile(profile, "saved", last.number, last.spec)
        number = last.number + 1 if last else 1
        try:
            row = SavedProfile.objects.create(
                name=name, number=number, spec=spec, digest=profile.digest, created_at=at, created_by=by
            )
        except IntegrityError as error:
            raise CannotSave(
                [_("Somebody saved this profile at the same moment; look at theirs first.")]
            ) from error
        activity.record("profile.saved", row, by=by, at=at, params={"name": name, "number": number})
    return KnownProfile(profile, "saved", number, spec)


def _checked(name: str, spec: str) -> Profile:
    problems = []
    if name in Profile.shipped():
        problems.append(_("“%(name)s” is a shipped profile; save yours under another name.") % {"name": name})
    try:
        profile = Profile.parse(spec)
    except ProfileError as error:
        raise CannotSave([*problems, str(error)]) from error
    if profile.name != name:
        problems.append(
            _("The file says “profile: %(inside)s”, the command says “%(name)s”; they must agree.")
            % {"inside": profile.name, "name": name}
        )
    if not NAME.fullmatch(name):
        problems.append(_("A profile's name has up to 60 letters, digits and hyphens."))
    if long := [code for code in profile.metrics if len(code) > 40]:
        problems.append(_("“%(code)s” is not a metric code.") % {"code": long[0][:80]})
    if not Department.objects.named(profile.department).exists():
        problems.append(_("No department is called “%(name)s”.") % {"name": profile.department})
    if problems:
        raise CannotSave(problems)
    return profile


@lru_cache(maxsize=256)
def _read(spec: str) -> Profile:
    """The same text is the same profile: read once. Raises ProfileError."""
    return Profile.parse(spec)


@cache
def _shipped(name: str) -> KnownProfile:
    spec, profile = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"), Profile.load(name)
    return KnownProfile(profile, "shipped", profile.version, spec)
