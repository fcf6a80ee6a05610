"""One block of a board or of the explorer as what an app above acts on: its figure, its month, its part, its words."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import translation

from metrics import point_notes
from metrics.periods import Period
from metrics.web.board_makers import Told
from metrics.web.boards import Asked, Numbered, found
from metrics.web.explore import Explored

LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Subject:
    """`metric` is "" where the block is about other things; `slice` as notes to points have it; `names` by language.

    `view` is "" for the headline of a metric, which is the same on every board; else the block's code.
    """

    asked: Asked
    one: Numbered
    metric: str
    view: str
    period: Period
    slice: str
    names: dict[str, str]

    @property
    def address(self) -> str:
        """The block on its page."""
        return f"{self.asked.address()}#{self.one.block.name}"


def board_block(request, code: str, block: str) -> Subject:
    return subject(Asked(request, found(request.user, code)), block)


def explored_block(request, code: str, block: str) -> Subject:
    return subject(Explored(request, code), block)


def subject(asked: Asked, block: str) -> Subject:
    """404 for a partner, and for a block that this person does not see."""
    shown = asked.page.only(block) if asked.month and not asked.user.is_partner else []
    if not shown or not shown[0].block.rows:
        raise Http404
    (one,) = shown
    view = "" if one.spec.kind == "six-twelve" else one.spec.code
    slice_ = point_notes.slice_of(asked.where)
    return Subject(asked, one, one.spec.metric, view, asked.month, slice_, names(asked, one))


def names(asked: Asked, one: Numbered) -> dict[str, str]:
    """What the block is called in both languages, with the part of the company that is looked at alone."""
    found = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            members = [asked.page.figures.desk.members.name(*pair) for pair in asked.where.items()]
            found[short] = " · ".join([Told(asked.page.figures).title(one.spec), *members])
    return found
