"""The passport of a number: definition version, formula, source files and their rows, who certified, and checks."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from metrics import badges, frozen_months, readings, sightings, trust_scores
from metrics.checks import runs
from metrics.checks.results import FAILED, NOT_APPLICABLE, STATES, WARNING
from metrics.dictionary_links import Neighbours
from metrics.models import CheckRun, MetricVersion, Review, Snapshot, Submission
from metrics.periods import BadPeriod, Period
from metrics.readings import Reading
from metrics.reasons import CannotRead
from metrics.sources import Source
from metrics.web import sales_words, trust_words
from metrics.web.explore import version_of
from metrics.web.frozen_words import Mark, marks
from metrics.web.sales_words import Words
from reviewhub.ui import days
from reviewhub.ui.htmx import fragment


@never_cache
def passport(request, code):
    """One figure of one period, as `?month=` (any period that readings know) names it; else of the month before."""
    version = version_of(request.user, code)
    period = asked_period(request.GET.get("month", ""))
    found = Passport(version, period, request.user, is_now=request.GET.get("figures") == "now")
    if found.snapshot:
        sightings.note(found.snapshot.review, by=request.user, at=timezone.now(), snapshot=found.snapshot)
    context = {"passport": found}
    return fragment(request, "metrics/passport.html", context, ["passport"])


def asked_period(text: str) -> Period:
    try:
        return Period.parse(text)
    except (BadPeriod, OverflowError):
        return Period.containing(timezone.localdate(), "month").before()


@dataclass(frozen=True)
class Origin:
    """A version that stands behind the figure, as this reader may open it."""

    source: Source
    version: Submission | None

    @property
    def span(self) -> str:
        return days.period(self.source.start, self.source.end, get_language() or "en")


class Passport:
    """What stands behind one figure. `problems` instead where it is refused."""

    problems: tuple = ()

    def __init__(self, version: MetricVersion, period: Period, user, *, is_now: bool = False):
        self.in_force, self.period, self.user = version, period, user
        frozen = frozen_months.around(period, user=user)
        self.snapshot: Snapshot | None = None if is_now else frozen
        self.is_now = is_now and frozen is not None
        try:
            self.reading: Reading | None = readings.reading(
                version.metric.code,
                period,
                compare=["py"],
                user=user,
                on=timezone.localdate(),
                snapshot=self.snapshot,
            )
        except CannotRead as refusal:
            self.reading, self.problems = None, refusal.problems

    @property
    def when(self) -> str:
        return sales_words.period(self.period, get_language() or "en")

    @property
    def words(self) -> Words:
        currency = self.reading.unit.split("/")[0] if self.reading.definition.value_type == "money" else ""
        return Words(self.reading.definition, currency if len(currency) == 3 else "")

    @property
    def value(self) -> str:
        return self.words.exact(self.reading.value)

    @property
    def why(self) -> str:
        names = {self.reading.definition.code: self.reading.definition.name}
        return self.reading.why.worded(names) if self.reading.why else ""

    @property
    def change(self) -> str:
        return self.words.change(self.reading.compare["py"])

    @property
    def definition(self) -> MetricVersion:
        """The version that the figure was worked out by, which need not be the one in force."""
        number = self.reading.definition.number
        found = self.in_force.metric.versions.filter(number=number)
        return found.select_related("metric", "owner_dept", "steward_dept").first() or self.in_force

    @property
    def formula(self) -> list:
        definition = self.definition
        return Neighbours(definition, user=self.user, on=timezone.localdate()).pieces(definition.formula)

    @property
    def origins(self) -> list[Origin]:
        """The versions behind it; those that the reader may not open are named without a link."""
        pks = [one.pk for one in self.reading.sources]
        rows = Submission.objects.visible_to(self.user).filter(pk__in=pks)
        known = {row.pk: row for row in rows.select_related("department", "certified_by", "source")}
        return [Origin(one, known.get(one.pk)) for one in self.reading.sources]

    @property
    def restated(self) -> Mark | None:
        """What restatements of the period changed of this figure."""
        found = self.reading.definition
        frozen = self.snapshot.review if self.snapshot else None
        if frozen is None or (self.period.start, self.period.end) != (frozen.period_start, frozen.period_end):
            return None
        return marks(self.snapshot, [found.code], {found.code: found}).get(found.code)

    @cached_property
    def review(self) -> Review | None:
        if self.snapshot:
            return self.snapshot.review
        rows = Review.objects.visible_to(self.user)
        rows = rows.filter(period_start__lte=self.period.start, period_end__gte=self.period.end)
        return rows.order_by("-period_end").first()

    @property
    def checks(self) -> list[dict]:
        """What the newest checks of the review say of this metric, those that do not hold first."""
        run = CheckRun.objects.shown(self.review) if self.review else None
        found = [
            one for one in (runs.results(run) if run else []) if self.in_force.metric.code in one.metrics
        ]
        marks = {FAILED: "fail", WARNING: "warn", NOT_APPLICABLE: "na"}
        found.sort(key=lambda one: (STATES.index(one.state), one.code))
        return [{"code": one.code, "mark": marks.get(one.state, "pass"), "text": one.text} for one in found]

    @cached_property
    def trust(self) -> dict | None:
        """Score and badge of the metric, of the review that this figure belongs to; nothing for a partner."""
        if self.user.is_partner:
            return None
        now = badges.standing(self.in_force, on=badges.today(timezone.now()))
        code = self.in_force.metric.code
        return {
            "score": trust_scores.of_metrics(self.review, [code]).get(code),
            "said": trust_words.standing_said(now),
            "kind": trust_words.kind(now),
        }

    @property
    def title(self) -> str:
        return _("%(name)s, %(period)s") % {"name": self.in_force.name, "period": self.when}
