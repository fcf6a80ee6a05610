"""The metric explorer: one metric over time, by part, what moved it, and what it is made from."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from metrics import dictionary_sheet as sheet
from metrics import dimensions, explore, formula, readings
from metrics.board_figures import BoardFigures
from metrics.definitions import Definition, Definitions
from metrics.models import MetricVersion
from metrics.reasons import CannotRead, dimension_word
from metrics.web import board_explore  # noqa: F401 - enters its makers
from metrics.web.boards import Asked, Page, noted
from metrics.web.dictionary import WITH_VERSIONS
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/explore.html"


@never_cache
def explorer(request, code):
    asked = Explored(request, code)
    if asked.opens_first:
        return redirect(asked.opens_first)
    noted(asked)
    return fragment(request, TEMPLATE, {"asked": asked, "page": asked.page}, ["board"])


def version_of(user, code: str) -> MetricVersion:
    """The definition in force of a metric whose figures this person may read; 404 for everybody else."""
    rows = MetricVersion.objects.visible_to(user).filter(metric__in=readings.open_metrics(user))
    versions = list(rows.filter(metric__code=code).select_related(*WITH_VERSIONS))
    if user.is_partner or not versions:
        raise Http404
    return sheet.in_force(versions, on=timezone.localdate())


def sliced_by(definition: Definition | MetricVersion) -> list[str]:
    """The dimensions by which figures of the metric can be looked at."""
    named = {*definition.dimensions, *(["country"] if "region" in definition.dimensions else [])}
    return [one for one in dimensions.DIMENSIONS if one in named]


class Explored(Asked):
    """What the address asks for: a month, one dimension to split by, and members to look at alone."""

    wall = ""  # one figure needs no turns

    keeps = "explore-view"
    routes = ("explore", "explore-csv", "explore-xlsx", "explore-workbook")

    def __init__(self, request, code: str):
        """404 for a metric whose figures this person may not read."""
        super().__init__(request, explore.board_of(code, "", ()))
        self.version, given = self._version(code), request.GET
        self.dimensions = sliced_by(self.version)
        self.where = {name: given[name] for name in self.dimensions if given.get(name)}
        by = given.get("by", "")
        self.by = by if by in self.dimensions else next(iter(self.dimensions), "")
        self.board = explore.board_of(code, self.by, inputs(self.version))

    @cached_property
    def definitions(self) -> Definitions:
        """Those of the month that is shown, as its figures are worked out by them; one query for the whole page."""
        readable = readings.open_metrics(self.user)
        if self.snapshot:
            return Definitions.frozen(self.snapshot, readable=readable)
        return Definitions.on(self.month.last if self.month else self.on, readable=readable)

    def _version(self, code: str) -> Definition | MetricVersion:
        if self.user.is_partner or code not in self.definitions.readable:
            raise Http404
        # A metric that is newer than the frozen figures is told as it stands today.
        return self.definitions.get(code) or version_of(self.user, code)

    @cached_property
    def page(self) -> Page:
        return Explorer(self)

    @property
    def query(self) -> dict:
        return {"by": self.by, **self.where}

    @property
    def splits(self) -> list[dict]:
        """The dimensions by which the metric is defined, as links."""
        return [
            {"label": dimension_word(one), "url": self.address(by=one), "active": one == self.by}
            for one in self.dimensions
        ]

    @property
    def narrowed(self) -> list[dict]:
        """What is looked at alone, with the address that takes it away again."""
        found = []
        for name, member in self.where.items():
            rest = {"month": self.month.text, "by": self.by} | self.now | self.where
            rest.pop(name)
            url = f"{reverse('explore', args=[self.board.code])}?{urlencode(rest)}"
            words = {"dimension": dimension_word(name), "member": self.page.member(name, member)}
            found.append({"label": _("%(dimension)s: %(member)s") % words, "url": url})
        return found


def inputs(version: Definition | MetricVersion) -> tuple[str, ...]:
    """The metrics that the formula names; none where the figure comes from a file."""
    if version.engine != "app":
        return ()
    try:
        tree = formula.parse(version.formula).tree
    except formula.FormulaError:
        return ()
    return tuple(dict.fromkeys(node[1] for node in formula.walk(tree) if node[0] == "code"))


class Explorer(Page):
    """The board of one metric, of a part of the company."""

    @cached_property
    def figures(self) -> BoardFigures:
        asked = self.asked
        return BoardFigures(
            asked.board,
            asked.month,
            known=asked.known,
            user=asked.user,
            on=asked.on,
            where=asked.where,
            snapshot=asked.snapshot,
            definitions=asked.definitions,
        )

    def member(self, dimension: str, code: str) -> str:
        return self.figures.desk.members.name(dimension, code)

    @cached_property
    def problems(self) -> list[str]:
        """Why nothing can be said of the part that the address names."""
        if not self.asked.month:
            return []
        try:
            dimensions.check(self.board.code, self.asked.where, self.figures.definitions)
            self.figures.within  # noqa: B018 - raises for a member that does not exist
        except CannotRead as refusal:
            return [self.told.say(why) for why in refusal.whys]
        return []
