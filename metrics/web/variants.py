"""The variants of a metric side by side: what each switch makes of the same period, and who counts like that."""

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from metrics import dictionary_words as words
from metrics import frozen_months, sightings, variants
from metrics.dictionary_links import Neighbours
from metrics.proposal_checks import may_propose
from metrics.reasons import CannotRead
from metrics.variants import Variant, Variants
from metrics.web.claim_words import SWITCHES
from metrics.web.explore import version_of
from metrics.web.passport import asked_period
from reviewhub.people.models import Department
from reviewhub.ui import days, figures
from reviewhub.ui.htmx import fragment


@never_cache
def metric_variants(request, code):
    """All variants of one period, as `?month=` (any period that readings know) names it; else of the month before."""
    version = version_of(request.user, code)
    period, on = asked_period(request.GET.get("month", "")), timezone.localdate()
    snapshot = frozen_months.around(period, user=request.user)
    if snapshot:
        sightings.note(snapshot.review, by=request.user, at=timezone.now(), snapshot=snapshot)
    neighbours = Neighbours(version, user=request.user, on=on)
    context = {
        "version": version,
        "period": period,
        "snapshot": snapshot,
        "neighbours": neighbours,
        "problems": [],
    }
    context |= {"ruling": neighbours.pieces(version.reconcile), "aliases": version.metric.aliases.all()}
    context["may_propose"] = may_propose(request.user) and not version.metric.profile
    try:
        found = variants.of(code, period, user=request.user, on=on, snapshot=snapshot)
        context["told"] = Told(found, neighbours)
    except CannotRead as refusal:
        context |= {"told": None, "problems": refusal.problems}
    context["period_name"] = days.period(period.start, period.end, get_language() or "en")
    return fragment(request, "metrics/variants.html", context, [])


def name_of(codes) -> str:
    """“shipping is in”, or two of them joined."""
    said = _(" and ").join(str(SWITCHES[one]) for one in codes)
    return said[:1].upper() + said[1:]


class Told:
    """Variants for one reader: the official one, those of one switch, and those of two."""

    def __init__(self, found: Variants, neighbours: Neighbours):
        self.found, self.neighbours, self.language = found, neighbours, get_language() or "en"
        pks = {pk for one in found.rows for pk in one.claimed_by}
        self.departments = {pk: one.name for pk, one in Department.objects.in_bulk(pks).items()}
        lines = [self._line(one) for one in found.rows]
        self.lines = [one for one in lines if len(one["codes"]) < 2]
        self.pairs = [one for one in lines if len(one["codes"]) > 1]
        self.status = found.status

    @property
    def has_others(self) -> bool:
        return len(self.lines) > 1

    @property
    def unit(self) -> str:
        """The unit in words, with the currency where it has one: CNY per order."""
        currency, slash, per = self.found.unit.partition("/")
        known = f"CCY{slash}{per}"
        if self.found.unit in words.UNITS or known not in words.UNITS:
            return str(words.word(words.UNITS, self.found.unit))
        return str(words.UNITS[known]).replace(str(words.UNITS["CCY"]), currency)

    def _line(self, one: Variant) -> dict:
        return {
            "codes": one.way.codes,
            "key": one.way.key,
            "name": name_of(one.way.codes),
            "official": one.is_official,
            "value": self._value(one.value),
            "change": self._change(one),
            "ratio": "" if one.ratio is None else figures.signed_percent(one.ratio, 1, self.language),
            "why": _("The figures of this metric are not open to you.") if one.hidden else str(one.why or ""),
            "formula": self.neighbours.pieces(one.way.formula),
            "metrics": one.metrics,
            "claimed_by": [self.departments[pk] for pk in one.claimed_by],
        }

    def _value(self, value) -> str:
        definition = self.found.definition
        if value is None:
            return _("n/a")
        if definition.is_ratio:
            return figures.percent(value, definition.decimals, self.language)
        return figures.number(value, definition.decimals, self.language)

    def _change(self, one: Variant) -> str:
        definition = self.found.definition
        if one.change is None:
            return ""
        if definition.is_ratio:
            return figures.points(one.change, definition.decimals, self.language)
        return figures.signed(figures.number(one.change, definition.decimals, self.language), one.change)
