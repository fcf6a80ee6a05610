"""Views that people keep of boards and of the explorer: named, own or shared with a department or all colleagues."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import boards, readings
from metrics.models import SavedView
from reviewhub.people.models import User

LONGEST_NAME, LONGEST_QUERY, MOST = 60, 500, 50
Audience = SavedView.Audience


class CannotKeep(Exception):
    """Nothing changed; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Place:
    """A board or the explorer of a metric."""

    page: str
    code: str


def of_page(place: Place, *, by: User) -> list[SavedView]:
    """What `by` may open of one page. One query."""
    rows = SavedView.objects.visible_to(by).filter(page=place.page, code=place.code)
    return list(rows.select_related("owner"))


def of_person(by: User) -> list[SavedView]:
    """Everything kept by `by` or shared with them whose page is open to them. At most three queries."""
    return still_open(SavedView.objects.visible_to(by).select_related("owner", "department"), by=by)


def still_open(rows: Iterable[SavedView], *, by: User) -> list[SavedView]:
    rows = list(rows)
    codes = {row.code for row in rows if row.page == SavedView.Page.EXPLORER}
    metrics = readings.open_codes(by, codes) if codes and not by.is_partner else set()
    seen = {
        SavedView.Page.BOARD: {one.code for one in boards.open_boards(by)},
        SavedView.Page.EXPLORER: metrics,
    }
    return [row for row in rows if row.code in seen[row.page]]


def closed_since(by: User) -> list[SavedView]:
    """Those that `by` keeps of pages that are no longer open to them. At most three queries."""
    own = list(SavedView.objects.filter(owner=by).select_related("owner", "department"))
    seen = {row.pk for row in still_open(own, by=by)}
    return [row for row in own if row.pk not in seen]


def first_of(place: Place, *, by: User) -> SavedView | None:
    """The one that `by` wants to see when they open the page. One query."""
    return SavedView.objects.filter(owner=by, page=place.page, code=place.code, opens_first=True).first()


def opening(place: Place, *, by: User) -> Subquery:
    """Its filters, for a query that reads something else at once; NULL where there is none."""
    rows = SavedView.objects.filter(owner=by, page=place.page, code=place.code, opens_first=True)
    return Subquery(rows.values("query")[:1])


@transaction.atomic
def keep(place: Place, query: str, name: str, audience: str, *, by: User, at: dt.datetime) -> SavedView:
    """Keep the filters of a page; a name that `by` has used there already is given the new ones. Raises CannotKeep."""
    User.objects.select_for_update().get(pk=by.pk)
    own, name = SavedView.objects.filter(owner=by), clean(name)
    problems = name_problems(name) + share_problems(audience, by=by)
    there = not problems and own.filter(page=place.page, code=place.code, name=name).exists()
    if len(query) > LONGEST_QUERY:
        problems.append(_("This view has too many filters to be kept."))
    if not there and own.count() >= MOST:
        problems.append(
            ngettext("You keep %(most)s view already.", "You keep %(most)s views already.", MOST)
            % {"most": MOST}
        )
    if problems:
        raise CannotKeep(problems)
    fields = {"query": query, "saved_at": at, "audience": audience}
    fields["department_id"] = by.department_id if audience == Audience.DEPARTMENT else None
    row, _made = SavedView.objects.update_or_create(
        owner=by, page=place.page, code=place.code, name=name, defaults=fields
    )
    return row


@transaction.atomic
def change(view: SavedView, name: str, audience: str, *, first: bool, by: User) -> None:
    """Rename, share or stop sharing, and open it first or no longer. Raises CannotKeep."""
    User.objects.select_for_update().get(pk=by.pk)
    name = clean(name)
    stays = audience == view.audience  # shared with a department that its owner has left since
    problems = change_problems(view, by=by)
    if not problems:
        problems = name_problems(name) + ([] if stays else share_problems(audience, by=by))
    beside = SavedView.objects.filter(owner=by, page=view.page, code=view.code).exclude(pk=view.pk)
    if not problems and beside.filter(name=name).exists():
        problems = [_("You keep another view of this page under this name.")]
    if problems:
        raise CannotKeep(problems)
    if first:
        beside.filter(opens_first=True).update(opens_first=False)
    view.name, view.opens_first = name, first
    if not stays:
        view.audience = audience
        view.department_id = by.department_id if audience == Audience.DEPARTMENT else None
    view.save(update_fields=["name", "opens_first", "audience", "department"])


def remove(view: SavedView, *, by: User) -> None:
    """Raises CannotKeep for somebody else's."""
    if problems := change_problems(view, by=by):
        raise CannotKeep(problems)
    view.delete()


def change_problems(view: SavedView, *, by: User) -> list[str]:
    if view.owner_id == by.pk and by.is_active:
        return []
    return [_("Whoever keeps a view changes it.")]


def share_problems(audience: str, *, by: User) -> list[str]:
    if audience not in audiences(by):
        return [_("It cannot be shared with them.")]
    return []


def audiences(by: User) -> list[str]:
    """With whom `by` may share, nobody first; partners share with no colleague."""
    found = [Audience.OWN]
    if by.department_id:
        found.append(Audience.DEPARTMENT)
    if not by.is_partner:
        found.append(Audience.EVERYONE)
    return [one.value for one in found]


def name_problems(name: str) -> list[str]:
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        return [_("A name has 1 to %(most)s characters.") % {"most": LONGEST_NAME}]
    return []


def clean(name: str) -> str:
    return " ".join(name.split())
