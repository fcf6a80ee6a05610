"""The dictionary: filling it once, and changing a definition by a new version."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from metrics import dictionary_csv as table
from metrics import pinning
from metrics.dictionary_csv import EVERY_COLUMN, RULE_COLUMNS, Fault
from metrics.dictionary_rows import Known, cells, fields, pairs, shipped, shipped_windows
from metrics.formula import parse
from metrics.models import Alias, Metric, MetricVersion, Rule, RuleVersion
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, Department, PartnerShare
from reviewhub.people.names import search_key
from reviewhub.people.permissions import may

FIRST_DAY = datetime.date(2000, 1, 1)
VERSIONED = set(EVERY_COLUMN) - {"code", "pack"}
ENABLED_PACKS = {Metric.Pack.STARTER, Metric.Pack.DEPENDENCY}


class CannotBootstrap(Exception):
    """The dictionary is not empty, or a file has faults; `problems` are Faults (metrics.dictionary_words)."""

    def __init__(self, problems: list[Fault]):
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class CannotAmend(CannotBootstrap):
    """The new definition is refused; nothing changed."""


# --- Filling an empty dictionary -----------------------------------------------------------------------------


@transaction.atomic
def bootstrap(*, at, by=None, metrics: bytes | None = None, rules: bytes | None = None) -> int:
    """Fill the empty dictionary from CSV files (the shipped ones unless given); how many metrics it holds now.

    Raises CannotBootstrap.
    """
    if Metric.objects.exists():
        raise CannotBootstrap([Fault("not_empty")])
    metric_rows, faults = table.read(shipped("metrics") if metrics is None else metrics)
    rule_rows, rule_faults = table.read(shipped("rules") if rules is None else rules, RULE_COLUMNS)
    known = Known.now(metric_rows.values(), {row["rule_id"] for row in rule_rows.values()})
    for number, row in metric_rows.items():
        faults += known.faults(row, number=number)
    faults += known.circles({row["code"]: number for number, row in metric_rows.items()})
    if faults or rule_faults:
        raise CannotBootstrap(faults + rule_faults)
    made = _fill_metrics(metric_rows.values(), known.departments, at=at, by=by)
    _fill_rules(rule_rows.values(), known={metric.code for metric in made})
    _share_with_partners(made, known.departments, at=at, by=by)
    if made:
        activity.record("dictionary.bootstrapped", made[0], by=by, at=at, params={"metrics": len(made)})
    return len(made)


def ensure(*, at) -> None:
    """Put the shipped dictionary into an installation that has none yet."""
    if not Metric.objects.exists():
        bootstrap(at=at)


def _fill_metrics(rows, departments, *, at, by) -> list[Metric]:
    classes, windows = classes_of_metrics(), shipped_windows()
    made = Metric.objects.bulk_create(
        Metric(
            code=row["code"],
            pack=row["pack"],
            is_enabled=row["pack"] in ENABLED_PACKS,
            confidentiality=classes.get(row["code"], default_class(row)),
            position=position,
            search=search_key(row["code"], row["name_zh"], row["name_en"]),
        )
        for position, row in enumerate(rows)
    )
    MetricVersion.objects.bulk_create(
        MetricVersion(
            metric=metric,
            number=1,
            effective_from=FIRST_DAY,
            created_at=at,
            created_by=by,
            **fields(windows.get(row["code"], {}) | row, departments),
        )
        for metric, row in zip(made, rows, strict=True)
    )
    by_code = {metric.code: metric for metric in made}
    Alias.objects.bulk_create(
        Alias(metric=by_code[code], text=text, search=search_key(text))
        for code, text in pairs("aliases")
        if code in by_code
    )
    return made


def classes_of_metrics() -> dict[str, int]:
    return {code: int(name[1]) for code, name in pairs("confidentiality")}


def default_class(row: dict) -> int:
    """What the list of classes does not name: finance is confidential, the rest internal."""
    return Confidentiality.CONFIDENTIAL if row["section"] == "finance" else Confidentiality.INTERNAL


def _fill_rules(rows, known: set[str]) -> None:
    made = Rule.objects.bulk_create(Rule(code=row["rule_id"], position=n) for n, row in enumerate(rows))
    RuleVersion.objects.bulk_create(
        RuleVersion(
            rule=rule,
            number=1,
            effective_from=FIRST_DAY,
            metrics=[code for code in table.mentioned(row["expression"]) if code in known],
            **{column: row[column] for column in RULE_COLUMNS if column != "rule_id"},
        )
        for rule, row in zip(made, rows, strict=True)
    )


def _share_with_partners(made, departments, *, at, by) -> None:
    """A partner reads the definitions of what it reports itself; derived figures could tell it more."""
    partners = [
        department for department in departments.values() if department.kind == Department.Kind.PARTNER
    ]
    reported = MetricVersion.objects.filter(metric__in=made, kind="base", owner_dept__in=partners)
    PartnerShare.objects.bulk_create(
        (
            PartnerShare(department_id=owner, kind="metric", code=code, granted_at=at, granted_by=by)
            for owner, code in reported.values_list("owner_dept", "metric__code")
        ),
        ignore_conflicts=True,
    )


# --- Changing a definition -----------------------------------------------------------------------------------


def problems_of_amending(
    metric: Metric, changes: dict[str, str], *, effective_from, by, reason: str
) -> list[Fault]:
    """Why `changes` (cells of the file by column) may not become the next version of `metric`; empty: they may."""
    found = [] if by is None or may(by, "dictionary.govern") else [Fault("not_allowed")]
    strange = [column for column in changes if column not in VERSIONED]
    found += [Fault("column_fixed", column=column) for column in strange]
    former = metric.versions.select_related("metric", "owner_dept", "steward_dept").get(effective_to=None)
    before = cells(former)
    after = before | {column: cell for column, cell in changes.items() if column not in strange}
    found += faults_of(after)
    if after == before and not strange:
        found.append(Fault("nothing_changes"))
    if effective_from <= former.effective_from:
        found.append(Fault("not_later", value=former.effective_from.isoformat()))
    changed = [column for column in after if after[column] != before[column]]
    if day := pinning.until(metric.code, changed, effective_from):
        found.append(Fault("pinned_until", value=day.isoformat()))
    if not reason.strip():
        found.append(Fault("reason_missing"))
    elif len(reason) > 500:
        found.append(Fault("reason_too_long", value="500"))
    return found


def faults_of(row: dict[str, str], *, beside: Iterable[dict] = ()) -> list[Fault]:
    """What is wrong with the cells of one metric among all that hold: spelling, what they name, units, circles."""
    known = Known.now().along(beside).along([row])
    return table.faults(row) + known.faults(row) + known.circles()


@transaction.atomic
def amend(metric: Metric, changes: dict[str, str], *, effective_from, by, at, reason: str) -> MetricVersion:
    """The next version of `metric`: its open version with `changes`, holding from `effective_from` (a date).

    The former version ends on that date and is otherwise never touched. Raises CannotAmend.
    """
    metric = Metric.objects.select_for_update().get(pk=metric.pk)
    if problems := problems_of_amending(metric, changes, effective_from=effective_from, by=by, reason=reason):
        raise CannotAmend(problems)
    return next_version(metric, changes, effective_from=effective_from, by=by, at=at, reason=reason)


def next_version(
    metric: Metric, changes: dict[str, str], *, effective_from, by, at, reason: str
) -> MetricVersion:
    """Write what was checked: `metric` is locked, `changes` are right."""
    former = metric.versions.select_related("metric", "owner_dept", "steward_dept").get(effective_to=None)
    before = cells(former)
    # The one place where a version is touched after it was written: it learns on which day it ends.
    MetricVersion.objects.filter(pk=former.pk, effective_to=None).update(effective_to=effective_from)
    version = MetricVersion.objects.create(
        metric=metric,
        number=former.number + 1,
        effective_from=effective_from,
        created_at=at,
        created_by=by,
        reason=reason.strip(),
        **fields(before | changes, Known.now().departments),
    )
    metric.search = search_key(metric.code, version.name_zh, version.name_en)
    metric.confidentiality = max(metric.confidentiality, _class_of(_names(cells(version)) - _names(before)))
    metric.save(update_fields=["search", "confidentiality"])
    changed = [column for column in EVERY_COLUMN if column in changes and changes[column] != before[column]]
    _record_version(
        version,
        by=by,
        at=at,
        before={column: before[column] for column in changed},
        after={column: changes[column] for column in changed},
    )
    return version


def first_version(row: dict[str, str], *, effective_from, by, at, reason: str) -> MetricVersion:
    """Write a metric that the dictionary did not have; `row` was checked. It is switched on."""
    last = Metric.objects.order_by("-position").values_list("position", flat=True).first()
    metric = Metric.objects.create(
        code=row["code"],
        pack=row["pack"],
        is_enabled=True,
        confidentiality=max(default_class(row), _class_of(_names(row))),
        position=0 if last is None else last + 1,
        search=search_key(row["code"], row["name_zh"], row["name_en"]),
    )
    version = MetricVersion.objects.create(
        metric=metric,
        number=1,
        effective_from=effective_from,
        created_at=at,
        created_by=by,
        reason=reason.strip(),
        **fields(row, Known.now().departments),
    )
    _record_version(version, by=by, at=at, before=None, after={c: cell for c, cell in row.items() if cell})
    return version


def _names(row: dict[str, str]) -> set[str]:
    return set(parse(row["formula"]).references) if row["engine"] == "app" else set()


def _class_of(codes: set[str]) -> int:
    """The highest class among `codes`: what is made from a confidential figure tells it."""
    classes = Metric.objects.filter(code__in=codes).values_list("confidentiality", flat=True)
    return max(classes, default=Confidentiality.SHARED)


def _record_version(version: MetricVersion, *, by, at, before, after) -> None:
    code = version.metric.code
    activity.record(
        "dictionary.amended",
        version.metric,
        by=by,
        at=at,
        params={"code": code, "number": version.number, "from": version.effective_from.isoformat()},
        before=before,
        after=after,
        department=version.owner_dept,
    )


def name_again(metric: Metric, texts: list[str]) -> None:
    """Let `texts` be the other names of `metric`."""
    metric.aliases.exclude(text__in=texts).delete()
    held = set(metric.aliases.values_list("text", flat=True))
    Alias.objects.bulk_create(
        Alias(metric=metric, text=text, search=search_key(text)) for text in texts if text not in held
    )
