"""The on-time table in the reader's words: heads that sort, rows with their strip, a chart, lines of the file."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from metrics import charts
from metrics.league import Record, Verdict
from reviewhub.ui import figures

# outcome → the mark that stands for it; the words say the same.
MARKS = {
    "on_time": "pass",
    "extended": "waived",
    "late": "warn",
    "missing": "fail",
    "open": "queued",
    "na": "na",
}


def outcomes() -> dict[str, str]:
    return {
        "on_time": _("on time"),
        "extended": _("on time, with more time"),
        "late": _("late, before the freeze"),
        "missing": _("not complete at the freeze"),
        "open": _("still to come"),
        "na": _("nothing asked"),
    }


def columns() -> dict[str, str]:
    return {
        "department": _("Department"),
        "on_time": _("On time"),
        "extended": _("With more time"),
        "late": _("Late"),
        "missing": _("Not by the freeze"),
        "returned": _("Returned"),
        "complete": pgettext("share of lines", "Complete"),
        "streak": _("In a row"),
    }


def heads(asked) -> list[dict]:
    """Each column with the address that sorts by it: first the side that one looks for, then the other."""
    found = []
    for name, label in columns().items():
        is_first_down = name != "department"
        is_down = not asked.is_down if asked.sort == name else is_first_down
        order = "descending" if asked.is_down else "ascending"
        found.append(
            {
                "label": label,
                "url": asked.address(sort=f"{'-' if is_down else ''}{name}"),
                "order": order if asked.sort == name else "",
                "is_number": name != "department",
                "is_wide": name not in ("department", "on_time"),
            }
        )
    return found


def row(record: Record) -> dict:
    judged = len(record.judged)
    return {
        "department": record.department,
        "on_time": share(record.on_time),
        "of": _("%(kept)s of %(judged)s") % {"kept": record.kept, "judged": judged} if judged else "–",
        "counts": [
            *(record.count(name) for name in ("extended", "late", "missing")),
            record.returned,
        ],
        "complete": share(record.complete),
        "streak": record.streak,
        "strip": [{"mark": MARKS[one.outcome], "label": told(one)} for one in record.verdicts],
    }


def told(one: Verdict) -> str:
    """“October 2026 review: late, before the freeze; 7 of 7 lines”."""
    said = {"review": one.review.title, "outcome": outcomes()[one.outcome], "done": one.done, "of": one.asked}
    if not one.asked:
        return _("%(review)s: %(outcome)s") % said
    return _("%(review)s: %(outcome)s; %(done)s of %(of)s lines by the freeze") % said


def share(value: Fraction | None) -> str:
    return "–" if value is None else figures.percent(ratio(value), 0, get_language() or "en")


def ratio(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def chart(records: list[Record]) -> dict | None:
    """Bars of the share on time, the highest on top, and the sentence above them; None where nothing is judged."""
    judged = sorted((one for one in records if one.judged), key=lambda one: (-one.on_time, -one.complete))
    if not judged:
        return None
    always = sum(one.kept == len(one.judged) for one in judged)
    message = ngettext(
        "%(always)s of %(count)s departments handed everything in on time, every time",
        "%(always)s of %(count)s departments handed everything in on time, every time",
        always,
    ) % {"always": always, "count": len(judged)}
    told_of = [(one.department.name, share(one.on_time), row(one)["of"]) for one in judged]
    bars = [
        (name, ratio(one.on_time), f"{shown} · {of}")
        for one, (name, shown, of) in zip(judged, told_of, strict=True)
    ]
    return {
        "message": message,
        "words": ("；" if figures.is_chinese(get_language() or "en") else "; ").join(
            f"{name} {shown}, {of}" for name, shown, of in told_of
        ),
        "figure": charts.shares(bars),
    }


def csv_head() -> list[str]:
    named = columns()
    return [
        named["department"],
        _("Reviews that count"),
        *(named[name] for name in ("on_time", "extended", "late", "missing", "returned")),
        _("Share on time"),
        named["complete"],
        named["streak"],
    ]


def csv_row(record: Record) -> list:
    return [
        record.department.name,
        len(record.judged),
        record.kept,
        *(record.count(name) for name in ("extended", "late", "missing")),
        record.returned,
        places(record.on_time),
        places(record.complete),
        record.streak,
    ]


def places(value: Fraction | None) -> Decimal | None:
    found = ratio(value)
    return None if found is None else found.quantize(Decimal("0.0001"))
