"""The record of a review as one HTML file: figures, charts, decisions, tasks, definitions; readable in five years."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from meetings import decisions, preread, record_signing
from meetings.models import Meeting
from metrics import svg_lines
from metrics.desk import Desk, moved
from metrics.figure_words import brief
from metrics.models import Metric, Review, Signature, Snapshot
from metrics.periods import Period
from metrics.reasons import CannotRead
from reviewhub.people.models import Confidentiality, User

MONTHS = 12
STYLE = settings.BASE_DIR / "static" / "css" / "record.css"


@dataclass(frozen=True)
class Record:
    """The signed file and the name under which it is handed out."""

    name: str
    content: bytes


def of(
    review: Review, reader: User, *, language: str, words, parked, boards, at: dt.datetime
) -> Record | None:
    """The record as `reader` asks for it, None before the freeze. Nothing confidential (C2, C3) is in it.

    `words` and `parked` put the parts and the parked differences of a pre-read into words, `boards` the blocks of
    boards (meetings.web: preread_words.parts, parked_words.waiting, record_boards.of).
    """
    found = preread.of(review, reader, language=language)
    if found is None:
        return None
    named = {one.definition.code for part in found.parts for one in part.headlines}
    named |= {one.metric.code for part in found.parts for one in part.exceptions if one.metric}
    named |= {row.metric for part in found.parts for row in part.questions}
    named |= {side.metric for one in found.parked for side, _value in one.sides}
    open_to_all = Metric.objects.filter(code__in=named, confidentiality__lte=Confidentiality.INTERNAL)
    found = preread.without_confidential(found, set(open_to_all.values_list("code", flat=True)))
    snapshot = found.snapshot
    meetings = [row for row in review.meetings.all() if row.state != Meeting.State.CANCELLED]
    with translation.override(language):
        context = {
            "review": review,
            "found": found,
            "language": language,
            "parts": words(found, reader),
            "parked": parked(found, reader),
            "boards": boards(snapshot, reader, found.period),
            "charts": charts(snapshot, found, language),
            "decisions": decisions.of(meetings, reader=reader) if meetings else [],
            "signatures": Signature.objects.filter(
                review=review, fingerprint=snapshot.fingerprint
            ).select_related("signed_by"),
            "chain": review.snapshots.order_by("number"),
            "style": mark_safe(f"<style>{STYLE.read_text(encoding='utf-8')}</style>"),
            "key": record_signing.public_key(),
            "at": at,
        }
        html = render_to_string("meetings/record.html", context)
    return Record(f"{review.code}-{snapshot.short}.html", record_signing.signed(html.encode()))


def charts(snapshot: Snapshot, found: preread.PreRead, language: str) -> dict[str, str]:
    """Section → the twelve months of its first figure up to the end of the period, as SVG."""
    first = {part.section.code: part.headlines[0].definition.code for part in found.parts if part.headlines}
    months = [Period.containing(found.period.last, "month")]
    while len(months) < MONTHS:
        months.insert(0, months[0].before())
    before = [moved(one, "py") for one in months]
    codes = sorted(set(first.values()))
    desk = Desk(codes, [*months, *before], snapshot=snapshot)
    evaluation = desk.evaluation(codes, [*months, *before], columns=sorted(desk.sliced(codes)))

    def value(code: str, period: Period) -> Decimal | None:
        try:
            return evaluation.figure(code, period).value
        except CannotRead:
            return None

    drawn = {}
    for section, code in first.items():
        definition = desk.definitions[code]
        now, then = ([value(code, one) for one in side] for side in (months, before))
        last = brief(now[-1], definition, language)
        labels = [one.text for one in months]
        drawn[section] = mark_safe(svg_lines.line(definition.name, labels, now, then, last=last))
    return drawn
