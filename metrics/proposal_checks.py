"""What stands against a proposal: spelling, units and circles, names that are taken, what came in between."""

import datetime as dt
from collections.abc import Iterable

from metrics import dictionary, pinning
from metrics.dictionary_csv import EVERY_COLUMN, Fault
from metrics.dictionary_rows import cells
from metrics.models import Alias, Metric, MetricVersion, Observation, Proposal
from metrics.units import SCALES
from reviewhub.people.models import Department
from reviewhub.people.names import folded
from reviewhub.people.permissions import may

# C1: Finance and Technology hold the right to decide what a figure means.
GOVERNING = ("FIN", "TEC")
LONGEST_REASON, MOST_ALIASES, LONGEST_ALIAS = 500, 40, 80


def may_propose(user) -> bool:
    """Leads and analysts of any department, and the data owners; a partner reads."""
    return may(user, "dictionary.propose") and not user.is_partner


def may_decide(user) -> bool:
    """Whoever governs the dictionary: for the whole company, or for Finance or Technology."""
    bound = Department.objects.filter(code__in=GOVERNING)
    return any(may(user, "dictionary.govern", department) for department in bound)


def values_in_use(columns: Iterable[str]) -> dict[str, set[str]]:
    """What the dictionary holds in columns whose words a company may make up."""
    names = sorted(columns)
    held: dict[str, set[str]] = {name: set() for name in names}
    newest = MetricVersion.objects.filter(effective_to=None).order_by()
    for row in newest.values_list(*names).distinct():
        for name, value in zip(names, row, strict=True):
            held[name].add(value)
    return held


def open_version(metric: Metric) -> MetricVersion:
    """The newest version: the one that a proposal changes."""
    return metric.versions.select_related("metric", "owner_dept", "steward_dept").get(effective_to=None)


def problems_of(
    metric: Metric | None,
    row: dict[str, str],
    *,
    effective_from: dt.date,
    reason: str,
    aliases: list[str] | None = None,
    by=None,
    beside: Iterable[dict] = (),
) -> list[Fault]:
    """Why `row` (every column) may not be proposed for `metric`, None for a new one; empty: it may.

    `beside`: rows that are proposed together with it and may name each other.
    """
    found = [] if by is None or may_propose(by) else [Fault("not_allowed_to_propose")]
    found += dictionary.faults_of(row, beside=beside)
    if metric is None:
        found += _new_code_faults(row)
    else:
        found += _change_faults(metric, row, effective_from, aliases)
    found += _alias_faults(row, aliases or ())
    if not reason.strip():
        found.append(Fault("reason_missing", column="reason"))
    elif len(reason.strip()) > LONGEST_REASON:
        found.append(Fault("reason_too_long", column="reason", value=str(LONGEST_REASON)))
    return found


def _new_code_faults(row: dict[str, str]) -> list[Fault]:
    code = row["code"]
    if Metric.objects.filter(code=code).exists():
        return [Fault("CODE_DUPLICATE", column="code", value=code)]
    if Proposal.objects.waiting().filter(code=code, metric=None).exists():
        return [Fault("proposed_already", column="code", value=code)]
    return []


def _change_faults(metric, row, effective_from, aliases) -> list[Fault]:
    if metric.profile:
        return [Fault("of_profile", value=metric.profile)]
    former = open_version(metric)
    before, found = cells(former), []
    if row == before and (aliases is None or set(aliases) == set(names_of(metric))):
        found.append(Fault("nothing_changes"))
    if effective_from <= former.effective_from:
        day = former.effective_from.isoformat()
        found.append(Fault("not_later", column="effective_from", value=day))
    changed = [column for column in row if row[column] != before[column]]
    if day := pinning.until(metric.code, changed, effective_from):
        found.append(Fault("pinned_until", column="effective_from", value=day.isoformat()))
    found += [Fault("column_fixed", column=one) for one in ("code", "pack") if row[one] != before[one]]
    kinds = row["value_type"], before["value_type"]
    if all(kind in SCALES for kind in kinds) and SCALES[kinds[0]] != SCALES[kinds[1]]:
        if before["engine"] != "app" and Observation.objects.filter(metric=metric.code).exists():
            found.append(Fault("type_stored", column="value_type", value=before["value_type"]))
    return found


def _alias_faults(row: dict[str, str], aliases: Iterable[str]) -> list[Fault]:
    """A code, name or other name that belongs to another metric already (B093), or cannot be a name."""
    code, aliases = row["code"], list(aliases)
    if len(aliases) > MOST_ALIASES:
        return [Fault("too_many_aliases", column="aliases", value=str(MOST_ALIASES))]
    if long := next((text for text in aliases if len(text) > LONGEST_ALIAS), None):
        return [Fault("cell_too_long", column="aliases", value=long[:80])]
    taken = {folded(text): owner for text, owner in Alias.objects.values_list("text", "metric__code")}
    newest = MetricVersion.objects.filter(effective_to=None)
    for owner, *names in newest.values_list("metric__code", "name_zh", "name_en"):
        taken |= {folded(name): owner for name in (owner, *names)}
    said = [("aliases", text) for text in aliases] + [("code", code)]
    said += [(column, row[column]) for column in ("name_zh", "name_en")]
    return [
        Fault("CODE_DUPLICATE", column=column, value=text, why=owner)
        for column, text in said
        if (owner := taken.get(folded(text), code)) != code and not (column == "code" and owner == text)
    ]


def names_of(metric: Metric) -> list[str]:
    return [alias.text for alias in metric.aliases.all()]


def row_of(proposal: Proposal) -> dict[str, str]:
    """The whole row as it would be: what holds now, with the changes."""
    now = cells(open_version(proposal.metric)) if proposal.metric else dict.fromkeys(EVERY_COLUMN, "")
    return now | proposal.changes


def before_of(proposal: Proposal) -> dict[str, str]:
    """The row that the proposal was written against; empty for a new metric."""
    return cells(proposal.base) if proposal.base else {}


def stale_faults(proposal: Proposal) -> list[Fault]:
    """What has come in between since it was written: other versions, other formulas, other names."""
    if proposal.metric is None:
        row = row_of(proposal)
        taken = Metric.objects.filter(code=proposal.code).exists()
        found = [Fault("CODE_DUPLICATE", column="code", value=proposal.code)] if taken else []
        return found + dictionary.faults_of(row) + _alias_faults(row, proposal.aliases or ())
    present, before = cells(open_version(proposal.metric)), before_of(proposal)
    moved = [column for column in proposal.changes if present[column] != before[column]]
    row = present | proposal.changes
    found = [Fault("changed_meanwhile", column=column) for column in moved]
    if not found:
        found = dictionary.faults_of(row) + _alias_faults(row, proposal.aliases or ())
        found += _change_faults(proposal.metric, row, proposal.effective_from, proposal.aliases)
    return found
