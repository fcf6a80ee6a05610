"""What the address of a board asks for: the month, what is shown of it, and figures as frozen or as they stand now."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from metrics import frozen_months, saved_views, sources
from metrics.boards.spec import Board
from metrics.models import Review, Snapshot
from metrics.periods import DAY, BadPeriod, Period
from metrics.saved_views import Place

SHOWN = ("all", "exceptions")


class Address:
    """What the address asks for; what it does not say, or says wrongly, is everything of the month under review."""

    routes = ("board", "board-csv", "board-xlsx", "board-workbook")
    query: dict = {}
    keeps = "board-view"
    splits: list[dict] = []
    narrowed: list[dict] = []

    def __init__(self, request, board: Board):
        self.board, self.user, self.on = board, request.user, timezone.localdate()
        self.says_filters = bool(request.GET)
        self.known = self._known(None)
        self.months = self._months()
        self.month = self._month(request.GET.get("month", "")) if self.months else None
        self.frozen = self.about.standing if self.about else None
        self.is_now = bool(self.frozen) and request.GET.get("figures") == "now"
        if self.snapshot:
            self.known = self._known(self.snapshot)
        shown = request.GET.get("show")
        self.show = shown if shown in SHOWN else "all"
        has_places = any(one.kind == "regions" for one in board.blocks)
        self.rates = "py" if has_places and request.GET.get("rates") == "py" else "actual"

    @property
    def snapshot(self) -> Snapshot | None:
        """What the page answers from; None where the month is not frozen, or is asked for as it stands now."""
        return None if self.is_now else self.frozen

    def _known(self, snapshot: Snapshot | None) -> list[sources.Source]:
        if self.board.is_shared:
            return sources.shared(self.user, snapshot=snapshot)
        if snapshot and (kept := sources.frozen_among(self.known, snapshot)) is not None:
            return kept
        return sources.standing(None, None, user=self.user, snapshot=snapshot)

    def _months(self) -> list[Period]:
        """Months that anything is known of, the newest first."""
        if not self.known:
            return []
        first, last = min(one.start for one in self.known), max(one.end for one in self.known)
        return list(Period.between(first.replace(day=1), last).split("month"))[::-1]

    def _month(self, text: str) -> Period:
        known = {one.start: Period.containing(one.start, "month") for one in self.months}
        try:
            start = Period.parse(text).start
        except (BadPeriod, OverflowError):
            start = None
        if start in known:
            return known[start]
        return known.get(self.review.period_start if self.review else None) or self._newest(known)

    def _newest(self, known) -> Period:
        over = [one for one in known.values() if one.end <= self.on + DAY]
        return max(over or known.values())

    @cached_property
    def review(self) -> Review | None:
        """The newest review whose period is over."""
        rows = self._reviews.filter(period_end__lte=self.on + DAY)
        rows = rows.annotate(opening=saved_views.opening(self.place, by=self.user))
        return frozen_months.first_of(rows, "-period_end", user=self.user)

    @property
    def opens_first(self) -> str:
        """The view with which this person has the page begin, "" for none; an address with filters says itself what it
        shows. A view without filters opens what it says: the bare address may lead to another one."""
        if self.says_filters:
            return ""
        if self.review:
            query = self.review.opening
        else:
            row = saved_views.first_of(self.place, by=self.user)
            query = row.query if row else None
        return "" if query is None else f"{self.path}?{query or 'show=all'}"

    @cached_property
    def about(self) -> Review | None:
        """The review of the month that is shown."""
        if self.month is None:
            return None
        known, month = self.__dict__.get("review"), self.month
        if known and (known.period_start, known.period_end) == (month.start, month.end):
            return known
        rows = self._reviews.filter(period_start=month.start, period_end=month.end)
        return frozen_months.first_of(rows, "-meeting_at", user=self.user)

    @property
    def _reviews(self):
        """The reviews that this person may know of, with what the page says beside its figures."""
        return Review.objects.visible_to(self.user)

    def address(self, **changed) -> str:
        return f"{self.path}?{self._query(changed)}"

    def files(self, block: str) -> dict[str, str]:
        """Where the rows of one block are as files, by their kind."""
        query = self._query({})
        kinds = zip(("csv", "xlsx"), self.routes[1:3], strict=True)
        return {kind: f"{reverse(one, args=[self.board.code, block])}?{query}" for kind, one in kinds}

    def acting(self, name: str, block: str) -> str:
        """Where `name`, what an app above does with one block, is asked for."""
        return f"{reverse(f'{self.routes[0]}-{name}', args=[self.board.code, block])}?{self._query({})}"

    @property
    def workbook(self) -> str:
        """Where every table of the page is as one workbook."""
        return f"{reverse(self.routes[3], args=[self.board.code])}?{self._query({})}"

    def _query(self, changed: dict) -> str:
        show = {"show": self.show} if self.show != "all" else {}
        rates = {"rates": self.rates} if self.rates != "actual" else {}
        asked = {"month": self.month.text} | show | rates | self.now | self.query | changed
        return urlencode({name: value for name, value in asked.items() if value != ""})

    def kept_query(self, *, with_month: bool) -> str:
        """The filters as a saved view has them; without its month it opens the month under review."""
        return self._query({} if with_month else {"month": ""})

    @property
    def keep(self) -> str:
        """Where the views of this page are listed, and these filters are kept as one."""
        return f"{reverse(self.keeps, args=[self.board.code])}?{self._query({})}"

    @property
    def place(self) -> Place:
        return Place(self.routes[0], self.board.code)

    @property
    def now(self) -> dict[str, str]:
        """What of the address asks for figures as they stand now."""
        return {"figures": "now"} if self.is_now else {}

    @property
    def path(self) -> str:
        return reverse(self.routes[0], args=[self.board.code])

    @property
    def before(self) -> str:
        earlier = self.month.before()
        return self.address(month=earlier.text) if earlier.start >= self.months[-1].start else ""

    @property
    def after(self) -> str:
        later = Period.containing(self.month.end, "month")
        return self.address(month=later.text) if later.start <= self.months[0].start else ""
