"""A board on a wall: one block after the other, large and dark, for a screen that nobody touches."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from metrics.web.boards import Asked, Numbered, found, noted
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/wall.html"
EVERY, USUAL = (10, 20, 30, 60), 20  # seconds


@never_cache
def wall(request, code):
    """One block of the board; the filters of the board stand in the address, with `at` a block's code and `every`."""
    asked = Asked(request, found(request.user, code))
    noted(asked)
    shown = Wall(asked, at=request.GET.get("at", ""), every=request.GET.get("every", ""))
    context = {"asked": asked, "page": asked.page, "wall": shown, "read_at": timezone.now()}
    return fragment(request, TEMPLATE, context, ["wall"])


class Wall:
    """Which block is up, and where the ones beside it are. After the last comes the first."""

    def __init__(self, asked: Asked, *, at: str, every: str):
        self.asked, self.page = asked, asked.page
        self.every = int(every) if every in map(str, EVERY) else USUAL
        self.blocks = [one for one in self.page.numbered.values() if self._is_shown(one)]
        codes = [one.spec.code for one in self.blocks]
        self.place = codes.index(at) if at in codes else 0

    def _is_shown(self, one: Numbered) -> bool:
        """Nothing of a block that has nothing to say; exceptions alone where the address asks for these."""
        says = bool(one.block.figure or one.block.rows)
        return says and (self.asked.show == "all" or bool(one.block.signal))

    @property
    def one(self) -> Numbered | None:
        return self.blocks[self.place] if self.blocks else None

    @property
    def number(self) -> int:
        return self.place + 1

    def address(self, place: int, every: int) -> str:
        at = self.blocks[place % len(self.blocks)].spec.code if self.blocks else ""
        query = self.asked.address().partition("?")[2] if self.asked.month else ""
        further = urlencode({"at": at, "every": every})
        return f"{reverse('board-wall', args=[self.asked.board.code])}?{'&'.join(filter(None, [query, further]))}"

    @property
    def after(self) -> str:
        return self.address(self.place + 1, self.every)

    @property
    def before(self) -> str:
        return self.address(self.place - 1, self.every)

    @property
    def speeds(self) -> list[dict]:
        return [
            {"label": f"{one} s", "url": self.address(self.place, one), "active": one == self.every}
            for one in EVERY
        ]
