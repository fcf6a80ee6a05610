"""The products behind the chart of growth against margin: those of one quadrant, of one category, or all, with their
figures; an app above makes tasks of them."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from metrics import lifecycle
from metrics.lifecycle import Standing
from metrics.selling import Product
from metrics.web.block_subject import Subject, board_block
from metrics.web.blocks import Cell, rounded
from metrics.web.selling_products import STAGE_WORDS, quadrant_word
from metrics.web.selling_reader import Counter
from reviewhub.ui import figures
from reviewhub.ui.htmx import fragment

BOARD, BLOCK, MOST = "sales", "lifecycle", 400


@dataclass(frozen=True)
class Listed:
    """A product with where its category stands; `task` is where one is made of it."""

    product: Product
    standing: Standing
    quadrant: str
    cells: list[Cell]
    task: str = ""


class Products:
    """What the address asks for: `quadrant` or `category` of a month of the sales board; 404 for who does not see the
    chart."""

    def __init__(self, request):
        self.subject: Subject = board_block(request, BOARD, BLOCK)
        self.asked = self.subject.asked
        self.told = Counter(self.asked.page.told)
        given = request.GET
        self.quadrant = given.get("quadrant") if given.get("quadrant") in lifecycle.QUADRANTS else ""
        self.category = given.get("category", "") if given.get("category") in self.placed else ""

    @cached_property
    def placed(self) -> dict[str, tuple[Standing, str]]:
        """Category → where it stands, and its quadrant ("" where growth or margin is not known)."""
        shop = self.told.shop
        usual = shop.usual_margin
        return {
            one.code: (one, "" if usual is None else lifecycle.quadrant(one, usual)) for one in shop.standings
        }

    @cached_property
    def every(self) -> list[Listed]:
        """Every product of a category of the chart, the best seller first."""
        found = []
        for one in self.told.shop.products:
            if one.category in self.placed:
                standing, quadrant = self.placed[one.category]
                listed = Listed(one, standing, quadrant, self.cells(one, standing, quadrant))
                found.append(replace(listed, task=self.task(one)))
        return found

    @cached_property
    def listed(self) -> list[Listed]:
        return [
            one
            for one in self.every
            if (not self.quadrant or one.quadrant == self.quadrant)
            and (not self.category or one.product.category == self.category)
        ]

    @property
    def shown(self) -> list[Listed]:
        return self.listed[:MOST]

    @property
    def rest(self) -> int:
        return len(self.listed) - len(self.shown)

    def cells(self, one: Product, standing: Standing, quadrant: str) -> list[Cell]:
        told = self.told
        return [
            told.label(told.member("category", one.category)),
            told.label(quadrant_word(quadrant)),
            told.label(_(STAGE_WORDS[one.stage]) if one.stage else "–"),
            told.amount(one.now),
            told.amount(one.before),
            told.grown(one.growth),
            told.percent(standing.margin),
            Cell(figures.number(standing.cover, 0, told.language), rounded(standing.cover, 1)),
        ]

    @property
    def head(self) -> list[tuple[str, bool]]:
        names = [_("Category"), _("Quadrant"), pgettext("life of a product", "Stage")]
        numbers = [
            self.told.in_unit(_("Net sales")),
            self.told.in_unit(_("Month before")),
            pgettext("change", "Growth"),
            _("Margin of the category"),
            _("Days of cover"),
        ]
        return [(name, False) for name in names] + [(name, True) for name in numbers]

    def task(self, one: Product) -> str:
        asked = {"month": self.asked.month.text, "sku": one.sku, "category": one.category}
        return f"{reverse('product-task')}?{urlencode(asked | self.asked.now)}"

    def product(self, sku: str, category: str) -> Listed:
        """The one of the address; 404 where it did not sell and has no stage."""
        for one in self.every:
            if (one.product.sku, one.product.category) == (sku, category):
                return one
        raise Http404

    @property
    def title(self) -> str:
        if self.category:
            return self.told.member("category", self.category)
        return quadrant_word(self.quadrant) if self.quadrant else _("Products by quadrant")

    @property
    def tabs(self) -> list[dict]:
        """[All n | Push n | …]."""
        counts = {code: sum(one.quadrant == code for one in self.every) for code in lifecycle.QUADRANTS}
        found = {"": pgettext("products of a chart", "All"), **{one: quadrant_word(one) for one in counts}}
        return [
            {
                "label": f"{label} {counts[code] if code else len(self.every)}",
                "url": address(self.asked, quadrant=code),
                "active": code == self.quadrant and not self.category,
            }
            for code, label in found.items()
        ]


def address(asked, **chosen: str) -> str:
    """The list of the products of one quadrant or category in the month of `asked`."""
    given = {"month": asked.month.text} | {name: one for name, one in chosen.items() if one}
    return f"{reverse('lifecycle-products')}?{urlencode(given | asked.now)}"


@never_cache
def products(request):
    return fragment(request, "metrics/lifecycle_products.html", {"page": Products(request)})
