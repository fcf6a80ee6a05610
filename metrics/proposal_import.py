"""A whole file for a filled dictionary: every metric that it says otherwise becomes a proposal, or nothing does."""

import datetime as dt
from dataclasses import dataclass, field, replace

from django.db import transaction

from metrics import proposals
from metrics.dictionary_csv import EVERY_COLUMN, Fault
from metrics.dictionary_rows import Difference, cells, compared
from metrics.models import Metric, MetricVersion, Proposal
from metrics.periods import Period
from metrics.proposal_checks import problems_of
from metrics.proposals import CannotPropose


@dataclass(frozen=True)
class Imported:
    """What came of a file: new proposals, those that wait since an earlier import, and every cell that differs."""

    made: list[Proposal] = field(default_factory=list)
    waiting: list[Proposal] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Metrics that the file leaves out; they stay."""
        return [one.code for one in self.differences if not one.row]


def next_month(on: dt.date) -> dt.date:
    """The first day of the month after `on`: from then on a change holds unless somebody says otherwise."""
    return Period.containing(on, "month").end


@transaction.atomic
def propose_file(
    data: bytes, *, reason: str, by, at: dt.datetime, on: dt.date, effective_from: dt.date | None = None
) -> Imported:
    """Raises CannotPropose with every fault of the file, by row and column."""
    read, differences, faults = compared(data, on=on)
    if faults:
        raise CannotPropose(faults)
    if not differences:
        return Imported()
    number_of = {one.code: one.row for one in differences if one.row}
    newest = {
        version.metric.code: version
        for version in MetricVersion.objects.filter(effective_to=None, metric__code__in=number_of)
        .select_related("metric", "owner_dept", "steward_dept")
        .order_by("pk")
    }
    start, rows, found = effective_from or next_month(on), read.values(), Imported(differences=differences)
    wrong: list[Fault] = []
    for code, number in number_of.items():
        version = newest.get(code)
        row = (cells(version) if version else dict.fromkeys(EVERY_COLUMN, "")) | read[number]
        metric = version.metric if version else None
        if old := _waiting(metric, row, cells(version) if version else {}, start):
            found.waiting.append(old)
            continue
        problems = problems_of(metric, row, effective_from=start, reason=reason, by=by, beside=rows)
        wrong += [replace(problem, row=number) for problem in problems if problem.code != "nothing_changes"]
        if not problems:
            said = {"effective_from": start, "reason": reason, "by": by, "at": at, "beside": rows}
            found.made.append(proposals.propose(metric, row, **said))
    if wrong:
        raise CannotPropose(wrong)
    return found


def _waiting(metric: Metric | None, row, before, start) -> Proposal | None:
    """An open proposal that says the same already."""
    changes = {column: row[column] for column in EVERY_COLUMN if row[column] != before.get(column, "")}
    same = Proposal.objects.waiting().filter(metric=metric, code=row["code"], effective_from=start)
    return next((one for one in same if one.changes == changes), None)
