"""One metric as people read it: its switches, how it is made and rolled up, its rules, and what changed when."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from metrics import dictionary_checks as checks
from metrics import dictionary_words as words
from metrics.dictionary_links import Neighbours, Piece, changes
from metrics.models import MetricVersion

# Columns that hold codes and are set like them.
CODES = ("formula", "numerator", "denominator", "validation")


@dataclass(frozen=True)
class Switch:
    """One thing that is counted or not: `mark` yes, no or "" (a choice in words)."""

    label: str
    mark: str
    text: str


@dataclass(frozen=True)
class RuleLine:
    code: str
    message: str
    pieces: list[Piece]
    scope: str
    tolerance: str
    on_fail: str


def switches(version: MetricVersion) -> list[Switch]:
    """What the figure includes and by which clock and rate; what does not apply to it is left out."""
    included = [("incl_shipping", _("Shipping")), ("incl_tax", _("Tax"))]
    lines = [
        Switch(label, "yes", _("included")) if value == "Y" else Switch(label, "no", _("not included"))
        for column, label in included
        if (value := getattr(version, column)) in ("Y", "N")
    ]
    worded = [
        (_("Refunds"), version.refund_rule, words.REFUNDS),
        (_("Counts at"), version.time_basis, words.TIME_BASES),
        (_("Time zone"), version.tz_rule, words.ZONES),
        (_("Exchange rate"), version.fx_rule, words.RATES),
    ]
    chosen_ones = [
        (label, words.word(known, code)) for label, code, known in worded if code not in ("", "NA")
    ]
    if version.new_customer_days is not None:
        chosen_ones.append((_("New customers"), _new_customers(version.new_customer_days)))
    if version.attribution_days is not None:
        chosen_ones.append((_("Attribution"), _within(version.attribution_days)))
    return lines + [Switch(label, "", text) for label, text in chosen_ones]


def _new_customers(days: int):
    if days == 0:
        return _("never seen before, as far as data goes")
    said = ngettext_lazy("not seen for %(count)d day", "not seen for %(count)d days", "count")
    return said % {"count": days}


def _within(days: int):
    said = ngettext_lazy("within %(count)d day of the click", "within %(count)d days of the click", "count")
    return said % {"count": days}


def nature(version: MetricVersion) -> list[tuple[str, str]]:
    """Term and text: how the figure comes about and how it adds up."""
    lines = [
        (_("How it comes about"), words.word(words.ENGINES, version.engine)),
        (_("Over time"), words.word(words.OVER_TIME, version.time_agg)),
        (_("Over dimensions"), words.word(words.OVER_DIMENSIONS, version.dim_agg)),
        (_("Finest grain"), words.word(words.GRAINS, version.grain)),
        (_("Dimensions"), words.listed(words.DIMENSIONS, version.dimensions)),
        (_("Unit"), unit(version)),
        (_("Good direction"), words.word(words.DIRECTIONS, version.direction)),
        (_("Compared as"), words.word(words.COMPARISONS, version.compare_as)),
        (_("Tolerance"), version.tolerance),
        (_("Usual target"), version.target_hint),
        (_("Final after"), _days(version.maturity_days)),
    ]
    return [(label, text) for label, text in lines if text]


def place(version: MetricVersion) -> list[tuple[str, str]]:
    """Term and text: where the metric stands in the dictionary."""
    return [
        (_("Section"), words.word(words.SECTIONS, version.section)),
        (_("Checklist"), words.checklist(version.checklist)),
        (_("Tier"), words.word(words.TIERS, version.tier)),
        (_("Pack"), words.word(words.PACKS, version.metric.pack)),
        (_("Input or output"), words.word(words.FLOWS, version.io)),
    ]


def unit(version: MetricVersion):
    return words.word(words.UNITS, version.unit)


def _days(count: int | None):
    return ngettext_lazy("%(count)d day", "%(count)d days", "count") % {"count": count} if count else ""


def rule_lines(neighbours: Neighbours) -> list[RuleLine]:
    """The identities of the metric with their messages."""
    return [
        RuleLine(
            code=rule.rule.code,
            message=rule.message,
            pieces=neighbours.pieces(rule.expression),
            scope=checks.scope(rule.scope),
            tolerance=rule.tolerance if rule.tolerance != "0" else "",
            on_fail=words.word(words.ON_FAIL, rule.on_fail),
        )
        for rule in neighbours.rules
    ]


def diff(before: MetricVersion, after: MetricVersion) -> list[dict]:
    """The columns that differ, with their labels: `{label, before, after, is_code}`."""
    return [
        {
            "label": words.COLUMNS[change.column],
            "before": change.before,
            "after": change.after,
            "is_code": change.column in CODES,
        }
        for change in changes(before, after)
    ]


def chosen(versions: list[MetricVersion], given) -> tuple[MetricVersion, MetricVersion] | None:
    """The two versions that the address compares (`from`, `to`; numbers), else the last two; None of fewer than two."""
    if len(versions) < 2:
        return None
    numbers = {str(version.number): version for version in versions}
    before, after = numbers.get(given.get("from", "")), numbers.get(given.get("to", ""))
    if not before or not after or before == after:
        return versions[-2], versions[-1]
    return (before, after) if before.number < after.number else (after, before)


def in_force(versions: list[MetricVersion], *, on) -> MetricVersion:
    """The version that holds on the date `on`; the first one where none holds yet."""
    held = [version for version in versions if version.effective_from <= on]
    return held[-1] if held else versions[0]


def timeline(versions: list[MetricVersion]) -> list[MetricVersion]:
    """The versions, newest first; each knows in `last_on` the last day on which it holds, None while it is open, and
    in `proposed` the proposal that it was, None where there was none."""
    for version in versions:
        version.proposed = getattr(version, "proposal", None)
        version.last_on = version.effective_to - dt.timedelta(days=1) if version.effective_to else None
    return versions[::-1]


def other_language(version: MetricVersion) -> dict:
    """Name, definition, quarrel and ruling in the language that the reader did not choose; `lang` for the markup."""
    field, lang = ("en", "en") if (get_language() or "").startswith("zh") else ("zh", "zh-Hans")
    texts = {
        name: getattr(version, f"{name}_{field}") for name in ("name", "definition", "conflict", "reconcile")
    }
    return {"lang": lang, **texts}
