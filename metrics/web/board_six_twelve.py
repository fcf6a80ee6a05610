"""The 6-12 block: six weeks and twelve months of a metric, its box, what the control chart says, all in words."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import six_twelve
from metrics.board_figures import Measured
from metrics.boards.spec import BlockSpec
from metrics.control_limits import LONG_RUN, NEAR_LIMIT, OF_SEASON, OUTSIDE, Judged
from metrics.outlook import Outlook, outlook
from metrics.six_twelve import Names, Place
from metrics.sources import lowest
from metrics.web import peak_words, sales_words
from metrics.web.blocks import Block, BoxColumn, Cell, Signal, status_word
from metrics.web.board_makers import CERTIFIED, Told, makes
from metrics.web.sales_words import Words

NAMES = {"LW": "LW", "MTD": "MTD", "QTD": "QTD", "YTD": "YTD"}


@makes("six-twelve")
def six_twelve_block(told: Told, spec: BlockSpec) -> Block:
    code, spans = spec.metric, told.figures.spans(spec.metric)
    weeks, months = (told.figures.series(code, spans.weeks), told.figures.series(code, spans.months))
    box = {name: told.figures.measured(code, one) for name, one in spans.box.items()}
    currency = next((one.figure.currency for one in (*months, *weeks) if one.figure.currency), "")
    words, now = told.words(code, currency), box["MTD"]
    if all(one.value is None for one in (*weeks, *months)):
        why = told.say(now.figure.why) or told.nothing()
        return Block(spec.code, told.title(spec), why=why, code=code, short=told.brief(code))
    judged = told.figures.exceptions.get(code)
    said = in_words(told, code, words, now, months, judged)
    points = [(told.period(one.period), one.period) for one in weeks]
    shown = peak_words.shaded(
        drawing(told, words, weeks, months), said, points, told.figures.peaks, told.language
    )
    return Block(
        spec.code,
        title(told, spec, words, currency),
        message=headline(told, code, words, now),
        period=period_line(told, months, weeks, now),
        figure=shown[0],
        words=shown[1],
        badge=lowest(one.status for one in months if one.status != "none"),
        head=head(told, code, words, currency),
        rows=[row(told, words, one) for one in (*weeks, *months)],
        size="short",
        code=code,
        short=told.brief(code),
        box=[column(told, words, name, one) for name, one in box.items()],
        beside=[beside(told, one) for one in spec.metrics[1:]],
        outlook=[ahead(told, words, one) for one in outlook(told.figures, code)],
        signal=signal(told, code, words, judged) if judged else None,
    )


def title(told: Told, spec: BlockSpec, words: Words, currency: str) -> str:
    unit = told.unit(spec.metric, currency)
    said = {"name": told.title(spec), "unit": unit}
    return _("%(name)s in %(unit)s, by week and month") % said if unit else said["name"]


def period_line(told: Told, months: list[Measured], weeks: list[Measured], now: Measured) -> str:
    """“Oct 2026 AC, PY, BU”."""
    every = [*weeks, *months]
    scenarios = ["AC"]
    scenarios += ["PY"] if any(one.py.value is not None for one in every) else []
    scenarios += ["BU"] if any(one.target for one in every) else []
    return f"{told.month} {', '.join(scenarios)}"


def headline(told: Told, code: str, words: Words, now: Measured) -> str:
    """“Net sales ¥8.21m, +12.1 % on last year”, or why that cannot be said."""
    if now.value is None:
        return told.say(now.figure.why)
    said = {"name": told.brief(code), "value": words.short(now.value)}
    if not now.py.comparable:
        return _("%(name)s %(value)s") % said
    said["change"] = words.change(now.py)
    return _("%(name)s %(value)s, %(change)s on last year") % said


def drawing(told: Told, words: Words, weeks: list[Measured], months: list[Measured]) -> dict:
    names = Names(_("This year"), _("Last year"), _("Target"), _("Provisional"))
    halves = [[place(told, one, is_first=at == 0) for at, one in enumerate(half)] for half in (weeks, months)]
    return six_twelve.figure(
        *halves,
        names=names,
        axis=words.axis,
        short=words.short,
        exact=words.exact,
        is_sum=words.definition.adds_up and words.definition.time_agg == "sum",
    )


def place(told: Told, one: Measured, *, is_first: bool) -> Place:
    return Place(
        told.period(one.period),
        sales_words.tick(one.period, told.language, is_first=is_first),
        one.value,
        one.py.value,
        one.target.value if one.target else None,
        one.status == CERTIFIED,
    )


def column(told: Told, words: Words, name: str, one: Measured) -> BoxColumn:
    changes = [
        told.change(words, compared, reference)
        for compared, reference in ((one.py, _("YoY")), (one.target, _("vs target")))
    ]
    why = one.figure.why if one.value is None else None if one.py.comparable else one.py.why
    return BoxColumn(
        NAMES[name], told.period(one.period), words.short(one.value), [c for c in changes if c], told.say(why)
    )


def ahead(told: Told, words: Words, one: Outlook) -> dict:
    """What is forecast for one period, against its target."""
    year, quarter = one.period.start.year, f"Q{(one.period.start.month + 2) // 3}"
    labels = {
        "quarter": f"{year} {quarter}" if told.language.startswith("zh") else f"{quarter} {year}",
        "year": str(year),
    }
    label = labels.get(one.period.grain) or told.period(one.period)
    said = {"label": label, "value": words.short(one.value)}
    return said | {"change": told.change(words, one.target, _("vs target"))}


def beside(told: Told, code: str) -> dict:
    """A further metric of which the month alone is told."""
    if code not in told.figures.open_codes:
        return {}
    one = told.figures.measured(code, told.figures.month)
    words = told.words(code, one.figure.currency)
    return {
        "label": told.name(code),
        "value": words.short(one.value),
        "change": told.change(words, one.py, _("YoY")),
        "why": told.say(one.figure.why),
    }


def head(told: Told, code: str, words: Words, currency: str) -> list[str]:
    unit = told.unit(code, currency)
    named = {"now": told.name(code), "then": _("Last year"), "target": _("Target")}
    if unit:
        named = {key: f"{name} ({unit})" for key, name in named.items()}
    return [_("Period"), named["now"], named["then"], "Δ", "Δ %", named["target"], _("Status")]


def row(told: Told, words: Words, one: Measured) -> list[Cell]:
    return [
        told.label(told.period(one.period), one.period.text),
        told.value(words, one.value),
        told.value(words, one.py.value),
        told.difference(words, one.py.change),
        told.share(words, one.py.change_ratio),
        told.value(words, one.target.value if one.target else None),
        told.label(status_word(one.status), one.status),
    ]


# --- Words ----------------------------------------------------------------------------------------------------


def in_words(
    told: Told, code: str, words: Words, now: Measured, months: list[Measured], judged: Judged | None
) -> str:
    """The drawing for who does not see it: the month, the target, the extremes, what is not certified, the signal."""
    said = (
        [_("%(sentence)s.") % {"sentence": headline(told, code, words, now)}] if now.value is not None else []
    )
    if now.target and now.target.comparable:
        said.append(_("%(change)s against the target.") % {"change": words.change(now.target)})
    known = [one for one in months if one.value is not None]
    if len(known) > 1:
        high, low = max(known, key=lambda one: one.value), min(known, key=lambda one: one.value)
        said.append(
            _("Of %(count)s months the highest is %(high)s in %(when)s, the lowest %(low)s in %(then)s.")
            % {
                "count": len(known),
                "high": words.short(high.value),
                "when": told.period(high.period),
                "low": words.short(low.value),
                "then": told.period(low.period),
            }
        )
    if hollow := sum(one.status != CERTIFIED for one in known):
        said.append(
            ngettext(
                "%(count)s month is not certified yet (hatched).",
                "%(count)s months are not certified yet (hatched).",
                hollow,
            )
            % {"count": hollow}
        )
    return " ".join([*said, *([signal(told, code, words, judged).text] if judged else [])])


def signal(told: Told, code: str, words: Words, judged: Judged) -> Signal:
    return Signal(judged.rule, rule_text(words, judged), 1 if judged.is_up else -1, told.better(code))


def rule_text(words: Words, judged: Judged) -> str:
    """Which rule of the control chart fired, or which limit of a peak season was passed, with the limits."""
    if judged.rule == OF_SEASON:
        said = judged.peak, judged.own, words.definition, words.language
        return peak_words.broken(*said, is_up=judged.is_up)
    texts = {
        (OUTSIDE, True): _("Above what is usual: %(low)s to %(high)s."),
        (OUTSIDE, False): _("Below what is usual: %(low)s to %(high)s."),
        (LONG_RUN, True): _("Eight months in a row above the middle of %(middle)s."),
        (LONG_RUN, False): _("Eight months in a row below the middle of %(middle)s."),
        (NEAR_LIMIT, True): _("Three of four months nearer the upper limit of %(high)s than the middle."),
        (NEAR_LIMIT, False): _("Three of four months nearer the lower limit of %(low)s than the middle."),
    }
    limits = judged.limits
    shown = {name: _short(words, getattr(limits, name)) for name in ("low", "middle", "high")}
    return texts[judged.rule, judged.is_up] % shown


def _short(words: Words, value: Decimal) -> str:
    return words.short(value.quantize(Decimal("0.0001")))
