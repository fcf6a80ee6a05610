"""Asking about a figure where it stands: under every block of a board and of the explorer, and each question alone."""

from collections import Counter

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from meetings import beside_figures, questions
from meetings.models import Question
from meetings.web import question_words
from metrics import point_notes
from metrics.boards.spec import BlockSpec
from metrics.models import Review
from metrics.web.block_talks import Talk, talks
from metrics.web.board_asked import Address
from metrics.web.boards import Asked, Numbered, found, noted
from metrics.web.explore import Explored
from reviewhub.people.models import Department
from reviewhub.ui import htmx

TEMPLATE, ALONE = "meetings/questions.html", "meetings/question.html"
ROUTES = {"board": "board-questions", "explore": "explore-questions"}
SEEN = ("department", "asked_by", "answered_by", "review")


@talks
class Told:
    """How many questions wait under each block of one page, when the first is shown."""

    def __init__(self, asked: Address):
        self.asked = asked

    def __call__(self, spec: BlockSpec) -> Talk | None:
        asked = self.asked
        if asked.routes[0] not in ROUTES or not (spec.metric or asked.board.department):
            return None
        url = reverse(ROUTES[asked.routes[0]], args=[asked.board.code, spec.code])
        return Talk(f"{url}?{query(asked)}", lambda: self.waiting[spec.metric or spec.code])

    @property
    def waiting(self) -> Counter:
        return beside(self.asked).questions


def beside(asked: Address) -> beside_figures.Said:
    """What meetings say beside the figures of a page. One query, whoever asks first."""
    if "beside" not in vars(asked):
        part = point_notes.slice_of(asked.where)
        asked.beside = beside_figures.of(asked.month, part, about(asked), by=asked.user)
    return asked.beside


def query(asked: Address) -> str:
    return asked.address().partition("?")[2]


def about(asked: Address):
    """The questions that concern the month of a page: of its review, and of those that are prepared."""
    rows = Question.objects.visible_to(asked.user)
    near = Review.objects.visible_to(asked.user).filter(
        period_start=asked.month.start
    ) | Review.objects.visible_to(asked.user).filter(state__in=(Review.State.OPEN, Review.State.FROZEN))
    return rows.filter(review__in=near)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def board_questions(request, code, block):
    return talk(request, Asked(request, found(request.user, code)), block)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def explorer_questions(request, code, block):
    return talk(request, Explored(request, code), block)


def talk(request, asked: Asked, block: str):
    """The questions about one block, and a new one."""
    blocks = asked.page.only(block) if asked.month else []
    if not blocks or not blocks[0].talk:
        raise Http404
    noted(asked)
    return ask(request, asked, blocks[0]) if request.method == "POST" else page(request, asked, blocks[0])


def ask(request, asked: Asked, one: Numbered):
    at, typed = timezone.now(), {name: request.POST.get(name, "") for name in ("row", "column", "text")}
    review = questions.heard_in(asked.month.start, by=request.user, at=at)
    problems = review_problems(review)
    try:
        if not problems:
            questions.ask_about(
                review,
                typed["text"],
                metric=one.spec.metric,
                department=Department.objects.visible_to(asked.user)
                .filter(code=asked.board.department)
                .first(),
                place=place(asked, one, typed),
                by=request.user,
                at=at,
            )
    except questions.CannotAsk as refusal:
        problems = refusal.problems
    if problems:
        return page(request, asked, one, typed=typed | {"problems": problems}, status=422)
    if htmx.target(request):
        return page(request, asked, one)
    return redirect(one.talk.url)


def review_problems(review: Review | None) -> list[str]:
    return [] if review else [_("No meeting is coming up that could hear it.")]


def place(asked: Asked, one: Numbered, typed: dict) -> dict:
    """Where it was asked: page, block, and the cell of its table. Raises CannotAsk for a cell that is not there."""
    query = {"month": asked.month.text} | asked.now | asked.query
    named = {"page": asked.routes[0], "code": asked.board.code, "block": one.spec.code, "query": query}
    rows, head = one.block.rows, one.block.head
    row, column = (chosen(typed["row"], len(rows)), chosen(typed["column"], len(head)))
    if row is not None:
        named["row"] = str(rows[row][0].raw)[: questions.LONGEST_LABEL]
    if column is not None:
        named["column"] = str(head[column])[: questions.LONGEST_LABEL]
    return named


def chosen(text: str, many: int) -> int | None:
    """The number that was chosen, None for nothing. Raises CannotAsk."""
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6 or int(text) >= many:
        raise questions.CannotAsk([_("The table has no such cell.")])
    return int(text)


def page(request, asked: Asked, one: Numbered, *, typed=None, status=200):
    about_it = {"metric": one.spec.metric} if one.spec.metric else {"place__block": one.spec.code}
    rows = about(asked).filter(**about_it).select_related(*SEEN)
    review = questions.heard_in(asked.month.start, by=request.user, at=timezone.now())
    owner = (
        questions.owner_of(one.spec.metric)
        or Department.objects.visible_to(asked.user).filter(code=asked.board.department).first()
    )
    context = {
        "asked": asked,
        "one": one,
        "questions": question_words.told(rows, request.user),
        "review": review,
        "owner": owner,
        "ask_problems": review_problems(review),
        "typed": typed or {"row": "", "column": "", "text": "", "problems": []},
        "longest": questions.LONGEST,
        "is_part": htmx.target(request) == f"{one.block.name}-questions",
    }
    template = f"{TEMPLATE}#questions" if context["is_part"] else TEMPLATE
    answer = render(request, template, context, status=status)
    htmx.patch_vary_headers(answer, ("HX-Request", "HX-Target"))
    return answer


# --- One of them ------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD"])
def question(request, pk):
    return alone(request, known(request, pk))


@require_POST
def answer(request, pk):
    row, text = known(request, pk), request.POST.get("text", "")
    try:
        questions.answer(row, text, by=request.user, at=timezone.now())
    except questions.CannotAsk as refusal:
        return alone(request, row, typed={"text": text, "problems": refusal.problems}, status=422)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if safe else reverse("question", args=[pk]))


def known(request, pk: int) -> Question:
    seen = Question.objects.visible_to(request.user).select_related(*SEEN)
    return get_object_or_404(seen, pk=pk)


def alone(request, row: Question, *, typed=None, status=200):
    (said,) = question_words.told([row], request.user)
    context = {
        "item": said,
        "typed": typed or {"text": "", "problems": []},
        "longest": questions.LONGEST_ANSWER,
    }
    return render(request, ALONE, context, status=status)
