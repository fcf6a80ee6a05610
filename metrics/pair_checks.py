"""The rules between departments as checks, asked of both sides of the declared pairs; metrics that a pair needs."""

import datetime as dt

from django.db import transaction

from metrics import declared_pairs, formula, reconciliation
from metrics.checks import runs
from metrics.checks.results import Check
from metrics.declared_pairs import INPUTS, WORKED_OUT, Pair
from metrics.models import CheckRun, Metric, Review, RuleVersion
from metrics.reconciliation import Difference
from reviewhub.people import activity


def run(run_id, *, at: dt.datetime) -> bool:
    """Carry a run of the checks out, the declared pairs among them; whether it was ours."""
    switch_on(run_id, at=at)
    return runs.run(run_id, at=at, between=of_review)


def run_waiting(*, clock) -> int:
    """Carry out every run that nobody holds, for installations without a worker; how many."""
    waiting = list(CheckRun.objects.waiting(clock()).order_by("asked_at").values_list("pk", flat=True))
    return sum(run(pk, at=clock()) for pk in waiting)


def of_review(review: Review) -> list[Check]:
    """One check for each declared pair that has a rule, at every month of the review."""
    found = reconciliation.of_review(review)
    texts = {
        one.rule.code: one.expression
        for one in RuleVersion.objects.effective(review.period_start).select_related("rule")
    }
    checks: dict[str, Check] = {}
    for one in (*found.differences, *found.waiting):
        if one.pair.rule not in texts:
            continue
        check = checks.setdefault(one.pair.rule, _check(one.pair, texts[one.pair.rule]))
        if isinstance(one, Difference):
            check.severity = one.severity
            sides = (one.explained, one.right.value)
            check.count(not one.is_conflict, one.period.text, {}, *sides)
        else:
            check.lacks(one.why)
    return list(checks.values())


def _check(pair: Pair, text: str) -> Check:
    departments = sorted(pair.departments)
    return Check(pair.rule, "between", "warn", sorted(metrics(pair)), departments, text, on_fail="reconcile")


def metrics(pair: Pair) -> set[str]:
    """The metrics that a pair reads; inputs that are template columns are none."""
    trees = [formula.parse(text).tree for text in pair.formulas]
    codes = {node[1] for tree in trees for node in formula.walk(tree) if node[0] == "code"}
    worked = {code for name in codes & set(WORKED_OUT) for code in WORKED_OUT[name]}
    return (codes | worked) - set(INPUTS) - set(WORKED_OUT)


@transaction.atomic
def switch_on(run_id, *, at: dt.datetime) -> list[str]:
    """Switch on what pairs of the run's review need once both sides are in; the codes. A run that waits is asked anew
    with them."""
    run = CheckRun.objects.filter(pk=run_id).select_related("review").first()
    if run is None:
        return []
    needed: dict[str, str] = {}
    off = set(Metric.objects.filter(is_enabled=False).values_list("code", flat=True))
    if any(metrics(pair) & off for pair in declared_pairs.PAIRS):
        for one in reconciliation.of_review(run.review).differences:
            needed |= {code: one.pair.rule for code in metrics(one.pair) & off}
    switched = []
    for metric in Metric.objects.select_for_update().filter(code__in=needed, is_enabled=False).order_by("pk"):
        metric.is_enabled = True
        metric.save(update_fields=["is_enabled"])
        said = {"code": metric.code, "pair": needed[metric.code]}
        activity.record("metric.switched_on", metric, by=None, at=at, params=said)
        switched.append(metric.code)
    if switched:
        runs.ask(run.review, at=at)
    return switched
