"""Qualitative items of the checklist: written in entries, kept by version, late and frozen like every other item."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from metrics import kept_files
from metrics.checklist_lines import LINES
from metrics.models import Note, NoteVersion, Review, SourceFile
from reviewhub.people import activity
from reviewhub.people.models import Department, bilingual
from reviewhub.people.permissions import may

LONGEST_TITLE, LONGEST_TEXT, LONGEST_LINK, MOST = 120, 4000, 1000, 20
ITEMS = {line.code: line for line in LINES if line.words}
_is_link = URLValidator(schemes=["http", "https"])


class CannotSave(Exception):
    """Nothing was kept; `problems` says why: place of the entry → sentences, None for what belongs to none.

    `is_stale`: somebody else saved meanwhile.
    """

    def __init__(self, problems: dict[int | None, list[str]], *, is_stale: bool = False):
        super().__init__(" ".join(said for found in problems.values() for said in found))
        self.problems, self.is_stale = problems, is_stale


@dataclass(frozen=True)
class Entry:
    """One note as it is written; `file` is kept already."""

    kind: str
    title: str
    text: str = ""
    link: str = ""
    file: SourceFile | None = None

    @property
    def cleaned(self) -> "Entry":
        text = self.text.replace("\r\n", "\n").strip()
        return Entry(self.kind, " ".join(self.title.split()), text, self.link.strip(), self.file)


def title(item: str) -> str:
    """The name of an item in the reader's language."""
    return bilingual(ITEMS[item], "title")


def versions(review: Review, department: Department, item: str):
    """Every version of an item, the newest first."""
    return NoteVersion.objects.filter(review=review, department=department, item=item).order_by("-number")


def newest(review: Review, department: Department, item: str) -> NoteVersion | None:
    return versions(review, department, item).select_related("handed_in_by").first()


def save_problems(review: Review, department: Department, item: str, *, by) -> list[str]:
    """Why `by` cannot write to this item; empty when nothing stands against it."""
    problems = []
    if not may(by, "submission.edit", department):
        problems.append(_("You may not write for this department."))
    if item not in ITEMS or ITEMS[item].department != department.code:
        problems.append(_("The checklist has no such line."))
    if review.state != Review.State.OPEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    return problems


def entry_problems(entry: Entry, *, has_file: bool = False) -> list[str]:
    """What stands against one entry, already cleaned; `has_file`: a file will come along."""
    problems = []
    if not 0 < len(entry.title) <= LONGEST_TITLE:
        problems.append(_("Give it a title of at most %(most)s characters.") % {"most": LONGEST_TITLE})
    if len(entry.text) > LONGEST_TEXT:
        problems.append(_("The text takes at most %(most)s characters.") % {"most": LONGEST_TEXT})
    if not (entry.text or entry.link or entry.file or has_file):
        problems.append(_("Write a text, or add a link or a file."))
    if entry.link and not is_link(entry.link):
        problems.append(_("The link begins with http:// or https:// and names a host."))
    if entry.kind not in Note.Kind.values:
        problems.append(_("Choose what it is about."))
    return problems


def is_link(text: str) -> bool:
    try:
        _is_link(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_LINK


@transaction.atomic
def save(
    review: Review,
    department: Department,
    item: str,
    entries: Sequence[Entry],
    *,
    number: int,
    by,
    at: dt.datetime,
) -> NoteVersion | None:
    """Hand in the entries as the next version; `number` is what the writer had before. The same again is none.

    Raises CannotSave. None where nothing has ever been written and nothing is now.
    """
    department = Department.objects.select_for_update().get(pk=department.pk)
    review = Review.objects.get(pk=review.pk)
    entries, former = [one.cleaned for one in entries], newest(review, department, item)
    problems: dict[int | None, list[str]] = {
        place: said for place, one in enumerate(entries) if (said := entry_problems(one))
    }
    if said := save_problems(review, department, item, by=by):
        problems[None] = said
    if len(entries) > MOST:
        problems[None] = [_("An item takes at most %(most)s notes.") % {"most": MOST}]
    if problems:
        raise CannotSave(problems)
    if entries == (entries_of(former) if former else []):
        return former
    if number != (former.number if former else 0):
        raise CannotSave({None: [_("Somebody else saved meanwhile; theirs stands below.")]}, is_stale=True)
    row = NoteVersion.objects.create(
        review=review,
        department=department,
        item=item,
        number=number + 1,
        handed_in_at=at,
        handed_in_by=by,
    )
    Note.objects.bulk_create(
        Note(version=row, position=place, **vars(one)) for place, one in enumerate(entries)
    )
    for one in entries:
        if one.file:
            kept_files.keep_longer(one.file, at=at)
    said = {
        "review": review.code,
        "department": department.code,
        "item": item,
        "count": len(entries),
        "number": row.number,
    }
    activity.record("review.noted", review, by=by, at=at, params=said, department=department)
    return row


def entries_of(version: NoteVersion) -> list[Entry]:
    return [
        Entry(one.kind, one.title, one.text, one.link, one.file)
        for one in version.notes.select_related("file").order_by("position")
    ]


@dataclass(frozen=True)
class Standing:
    """One item as the checklist counts it: since when there are notes, and how many there are now."""

    first_at: dt.datetime
    count: int


def standings(review: Review) -> dict[tuple[int, str], Standing]:
    """(department pk, item) → what stands in words, for `review`. Items that were emptied are not in. One query."""
    rows = NoteVersion.objects.filter(review=review).order_by("number").prefetch_related("notes")
    found: dict[tuple[int, str], Standing] = {}
    for row in rows:
        key, count = (row.department_id, row.item), len(row.notes.all())
        if count:
            found[key] = Standing(found[key].first_at if key in found else row.handed_in_at, count)
        else:
            found.pop(key, None)
    return found
