"""Setting targets and budgets of metrics: who may, what is refused, and the history that stays."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.definitions import Definition, Definitions
from metrics.dimensions import Members, column
from metrics.models import MetricVersion, Target
from metrics.periods import Period
from metrics.units import CannotScale, plain, scaled
from reviewhub.people import activity
from reviewhub.people.models import Company
from reviewhub.people.permissions import departments_with

FINANCE = "FIN"


class CannotSet(Exception):
    """Nothing was set; `problems` says why: period as text → sentence, "" for what belongs to no period."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Aimed:
    """Whose goals are meant: a metric, a scenario, and one member of a dimension ("" twice: the whole company)."""

    code: str
    scenario: str = Target.Scenario.TARGET
    dimension: str = ""
    member: str = ""


def set_problems(code: str, *, by) -> list[str]:
    """Why `by` may not set goals of `code`: leads of the department that owns the metric, of Finance, and data owners
    do."""
    row = MetricVersion.objects.filter(metric__code=code, effective_to=None).first()
    mine = set(departments_with(by, "submission.hand_in").values_list("code", flat=True))
    owner = row.owner_dept.code if row else ""
    if by.is_active and (None in by.abilities.get("dictionary.govern", ()) or mine & {owner, FINANCE} - {""}):
        return []
    return [_("The department that owns the metric, Finance and data owners set its targets.")]


def goals(aimed: Aimed, periods: Iterable[Period]) -> dict[Period, Target]:
    """What holds for exactly these periods. One query."""
    found = {(row.period_start, row.period_end): row for row in history(aimed).order_by("pk")}
    rows = {one: found.get((one.start, one.end)) for one in periods}
    return {one: row for one, row in rows.items() if row and row.value is not None}


def history(aimed: Aimed):
    """Every row that was ever set for the metric and part, newest first."""
    rows = Target.objects.filter(metric__code=aimed.code, scenario=aimed.scenario)
    rows = rows.filter(dimension=column(aimed.dimension), member=aimed.member)
    return rows.select_related("metric", "set_by").order_by("-pk")


@transaction.atomic
def set_goals(
    aimed: Aimed, wanted: Mapping[Period, Decimal | None], *, by, at: dt.datetime, note: str = ""
) -> list[Target]:
    """Set the goals of `aimed`, None withdraws one; what is the same already is left. Raises CannotSet.

    Values in the metric's own unit (a ratio of 0.121 is 12.1 %), money in the company's currency.
    """
    definition = Definitions.newest().get(aimed.code)
    stored, problems = _scaled(aimed, definition, wanted, by=by)
    if problems:
        raise CannotSet(problems)
    metric = MetricVersion.objects.select_for_update().filter(metric__code=aimed.code).first().metric
    held, currency = goals(aimed, wanted), _currency(definition)
    said = {"scenario": aimed.scenario, "dimension": column(aimed.dimension), "member": aimed.member}
    rows = [
        Target(
            metric=metric,
            period_start=period.start,
            period_end=period.end,
            value=value,
            currency=currency,
            note=" ".join(note.split())[:200],
            set_at=at,
            set_by=by,
            **said,
        )
        for period, value in stored.items()
        if value != (held[period].value if period in held else None)
    ]
    Target.objects.bulk_create(rows)
    if rows:
        about = {"scenario": aimed.scenario, "member": aimed.member, "count": len(rows)}
        about |= {"first": rows[0].period_start.isoformat(), "last": rows[-1].period_start.isoformat()}
        activity.record("target.set", metric, by=by, at=at, params=about | {"metric": aimed.code})
    return rows


def _scaled(aimed: Aimed, definition: Definition | None, wanted, *, by) -> tuple[dict, dict[str, str]]:
    """The values as they are stored, and what is wrong with them."""
    if definition is None:
        return {}, {"": _("There is no metric %(metric)s.") % {"metric": aimed.code}}
    problems = {"": " ".join(said)} if (said := set_problems(aimed.code, by=by)) else {}
    if not _is_known(aimed, definition):
        problems[""] = _("The metric is not split by this part of the company.")
    stored = {}
    for period, value in wanted.items():
        try:
            stored[period] = None if value is None else scaled(value, definition.value_type)
        except CannotScale:
            problems[period.text] = _("The number has too many decimals or is too large.")
    return stored, problems


def _is_known(aimed: Aimed, definition: Definition) -> bool:
    if not aimed.dimension:
        return not aimed.member
    known = {column(one) for one in definition.dimensions}
    members = {row.code for row in Members.of([aimed.dimension]).rows if row.dimension == aimed.dimension}
    return column(aimed.dimension) in known and aimed.dimension != "region" and aimed.member in members


def _currency(definition: Definition) -> str:
    """Of money, and of money for each piece: the company's."""
    company = Company.objects.first() if definition.unit.startswith("CCY") else None
    return company.currency if company else ""


def value_of(row: Target, definition: Definition) -> Decimal | None:
    """The goal in the metric's own unit; None where it was withdrawn."""
    return None if row.value is None else plain(row.value, definition.value_type)
