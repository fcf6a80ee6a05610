"""A reading as a document: the JSON of `manage.py reading --json`, and lines of text for people."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics import comparison
from metrics.compared import Compared
from metrics.readings import Reading, Row
from metrics.reasons import CannotRead, Why

RATIO_PLACES = 4


def document(reading: Reading) -> dict:
    """The stable document of a reading. Money and ratios are decimal strings; a ratio of 0.121 means 12.1 %.

    `value` is rounded to the metric's decimals, `exact` is not. A missing figure is null with `why`.
    """
    return {
        "metric": reading.definition.code,
        "version": reading.definition.number,
        "unit": reading.unit,
        "period": reading.period.text,
        "status": reading.status,
        "value": _text(reading.rounded(reading.value)),
        "exact": _text(reading.value),
        **_reason(reading.why),
        "coverage": {
            "days": comparison.days_in(reading.covered),
            "of": reading.period.days,
        },
        "rates": reading.rates,
        "ripens_on": reading.ripens_on.isoformat() if reading.ripens_on else None,
        "exchanged": [
            {"currency": currency, "month": month.isoformat()[:7], "table": table, "rate": _text(rate)}
            for table, currency, month, rate in reading.exchanged
        ],
        "rows": [_row(reading, row) for row in reading.rows],
        "compare": {name: _compared(reading, one) for name, one in reading.compare.items()},
        "passport": _passport(reading),
    }


def refusal(metric: str, refused: CannotRead) -> dict:
    """The document of a question that has no honest answer."""
    return {
        "metric": metric,
        "status": "refused",
        "value": None,
        "problems": [{"code": why.code, "message": str(why)} for why in refused.whys],
    }


def _text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if len(text) > 25 and "." in text else text


def _reason(why: Why | None) -> dict:
    return {"why": str(why) if why else None, "why_code": why.code if why else None}


def _row(reading: Reading, row: Row) -> dict:
    told = {
        "key": row.key,
        "value": _text(reading.rounded(row.value)),
        "exact": _text(row.value),
        "status": row.status,
        "ripens_on": row.ripens_on.isoformat() if row.ripens_on else None,
    }
    if row.why:
        told |= _reason(row.why)
    if row.compare:
        told["compare"] = {name: _compared(reading, one) for name, one in row.compare.items()}
    return told


def _compared(reading: Reading, one: Compared) -> dict:
    ratio = None if one.change_ratio is None else one.change_ratio.quantize(Decimal(1).scaleb(-RATIO_PLACES))
    told = {
        "value": _text(reading.rounded(one.value)),
        "change": _text(reading.rounded(one.change)),
        "change_pct": _text(ratio),
        "comparable": one.comparable,
        **_reason(one.why),
    }
    if one.aligned and one.comparable:
        told["aligned"] = {
            "period": one.aligned.now.text,
            "reference": one.aligned.then.text,
            "value": _text(reading.rounded(one.now)),
        }
    return told


def _passport(reading: Reading) -> dict:
    """Where the figure comes from; `submission` is the only one, or null where there are several (`submissions`)."""
    files = {(one.file, one.sha256): None for one in reading.sources if one.file or one.sha256}
    pks = [one.pk for one in reading.sources]
    return {
        "submission": pks[0] if len(pks) == 1 else None,
        "submissions": pks,
        "sources": [{"file": name, "sha256": digest} for name, digest in files],
        "rows": reading.source_rows,
        "snapshot": reading.snapshot or None,
    }


# --- For people ---------------------------------------------------------------------------------------------


def lines(reading: Reading) -> Iterator[str]:
    """The reading as text: the value, what it is compared with, its rows and where it comes from."""
    definition = reading.definition
    yield f"{definition.code} {definition.name} · {reading.period.text} · v{definition.number} · {reading.status}"
    yield _shown(reading, reading.value) + ("" if reading.definition.is_ratio else f" {reading.unit}")
    if reading.snapshot:
        yield f"  #{reading.snapshot}"
    if reading.why:
        yield f"  {reading.why}"
    if reading.ripens_on:
        yield "  " + _("Not complete before %(day)s.") % {"day": reading.ripens_on.isoformat()}
    for table, currency, month, rate in reading.exchanged:
        yield f"  {table} {currency} {month.isoformat()[:7]}: {rate.normalize():f} {reading.currency}"
    for name, one in reading.compare.items():
        yield f"  {name}: {_comparison(reading, one)}"
    width = max((len(_label(row)) for row in reading.rows), default=0)
    for row in reading.rows:
        fair = {name: one for name, one in row.compare.items() if one.comparable}
        compared = "  ".join(f"{name}: {_comparison(reading, one)}" for name, one in fair.items())
        note = f"  {row.why}" if row.why else ""
        yield f"  {_label(row):<{width}}  {_shown(reading, row.value):>16}  {row.status}{note}  {compared}".rstrip()
    if reading.sources:
        files = ", ".join(dict.fromkeys(one.file for one in reading.sources if one.file)) or "–"
        yield _("From %(count)s submissions (%(files)s), %(rows)s rows.") % {
            "count": len(reading.sources),
            "files": files,
            "rows": f"{reading.source_rows:,}",
        }


def _label(row: Row) -> str:
    return " · ".join(part or "–" for part in row.key.values())


def _shown(reading: Reading, value: Decimal | None) -> str:
    if value is None:
        return "–"
    if reading.definition.is_ratio:
        return f"{reading.rounded(value) * 100:,.{reading.definition.decimals}f} %"
    return f"{reading.rounded(value):,f}"


def _comparison(reading: Reading, one: Compared) -> str:
    if not one.comparable:
        return " ".join(part for part in (_shown(reading, one.value), str(one.why or "")) if part)
    if reading.definition.is_ratio:
        moved = f"{reading.rounded(one.change) * 100:+,.{reading.definition.decimals}f} pp"
    else:
        ratio = f" ({one.change_ratio * 100:+,.1f} %)" if one.change_ratio is not None else ""
        moved = f"{reading.rounded(one.change):+,f}{ratio}"
    return f"{_shown(reading, one.value)} → {moved}" + (f"  {one.why}" if one.why else "")
