"""Parked differences: two sides stand with both figures until the meeting has talked about them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _

from metrics import declared_pairs, pair_words, readings
from metrics.declared_pairs import Pair, Side
from metrics.models import Review, Ruling
from metrics.periods import Period
from reviewhub.people.models import User

PAIRS = {one.rule: one for one in declared_pairs.PAIRS}
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Parked:
    """One difference that waits for the meeting. `is_open`: whether its reader may know both figures.

    On the agenda it stands beside topics, which have a department and a question or suggestion that they come from.
    """

    ruling: Ruling
    pair: Pair
    is_open: bool = False

    department_id = question_id = question = suggestion = pin = None

    @property
    def period(self) -> Period:
        return Period.between(self.ruling.period_start, self.ruling.period_end)

    @property
    def title(self) -> str:
        return pair_words.pair_title(self.pair.rule)

    @property
    def sides(self) -> tuple[tuple[Side, Decimal], ...]:
        return (
            (self.pair.left, Decimal(self.ruling.left)),
            (self.pair.right, Decimal(self.ruling.right)),
        )

    @property
    def residual(self) -> Decimal:
        return Decimal(self.ruling.residual)

    @property
    def text(self) -> str:
        """As a topic of the agenda, in the reader's language; the figures stand in the pre-read."""
        return _("Parked: %(pair)s. Which figure counts?") % {"pair": self.title}

    @cached_property
    def put_up(self) -> dict[str, str]:
        """As the screens of a meeting show it."""
        found = {}
        for language in LANGUAGES:
            with translation.override(language):
                found[language[:2]] = self.text
        return found


def of(review: Review, *, until: dt.datetime | None = None, reader: User | None = None) -> list[Parked]:
    """The differences of the review's period whose newest decision (up to `until`) parks them; none for a partner.

    Both figures are open to whoever may see the decision or reads both metrics. `reader` None: nobody in particular.
    """
    if reader is not None and reader.is_partner:
        return []
    rows = Ruling.objects.filter(period_start__gte=review.period_start, period_end__lte=review.period_end)
    rows = rows if until is None else rows.filter(decided_at__lte=until)
    newest = rows.select_related("decided_by").newest().values()
    found = [one for one in newest if one.decision == Ruling.Decision.PARKED and one.pair in PAIRS]
    if not found or reader is None:
        return [Parked(one, PAIRS[one.pair]) for one in found]
    seen = set(
        Ruling.objects.visible_to(reader)
        .filter(pk__in=[one.pk for one in found])
        .values_list("pk", flat=True)
    )
    sides = {side.metric for one in found for side in (PAIRS[one.pair].left, PAIRS[one.pair].right)}
    readable = readings.open_codes(reader, sides)
    return [
        Parked(one, pair, one.pk in seen or {pair.left.metric, pair.right.metric} <= readable)
        for one in found
        for pair in [PAIRS[one.pair]]
    ]
