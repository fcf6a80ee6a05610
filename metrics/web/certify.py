"""The data owner's page: what waits for a decision, what stands in it, certifying and sending back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from metrics import certification
from metrics.definitions import Definitions
from metrics.models import Review, Submission
from metrics.web import deviation_words
from metrics.web.outcome_words import OutcomeWords
from metrics.web.version import remarks_of
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/certify.html"
BLANK_REMARKS = 3


@never_cache
def certify(request):
    if not may(request.user, "figure.certify"):
        raise Http404
    waiting = certification.waiting(request.user)
    asked = request.GET.get("version", "")
    chosen = next((row for row in waiting if str(row.pk) == asked), None)
    if asked and chosen is None:
        is_number = asked.isdecimal() and len(asked) < 19
        chosen = get_object_or_404(seen(request.user), pk=asked if is_number else 0)
    return page(request, waiting, chosen or next(iter(waiting), None))


def page(request, waiting, row, *, problems=(), reason="", remarks=(), status=200):
    context = {"waiting": waiting, "decided": certification.decided(request.user), "problems": problems}
    context["freezes"] = freezes(request.user)
    if row is not None:
        blank = [("", "")] * max(1, BLANK_REMARKS - len(remarks))
        context |= detail(request.user, row) | {"reason": reason, "remarks": [*remarks, *blank]}
    return fragment(request, TEMPLATE, context, ["version"], status=status)


def detail(user, row: Submission) -> dict:
    former = certification.former_of(row)
    outcome = OutcomeWords.of_submission(row, reader=user)
    return {
        "row": row,
        "former": former,
        "outcome": outcome,
        "changes": changes(row, former),
        "certify_problems": certification.certify_problems(row, by=user),
        "send_back_problems": certification.send_back_problems(row, by=user),
        "is_late": getattr(row, "is_late", False),
        "asked_for": certification.asked_for(row),
        "answers": remarks_of(user, row),
        **deviation_words.shown(row, user=user),
    }


def freezes(user) -> list[dict]:
    """The reviews ahead that `user` may freeze or open again, and how much still waits in each."""
    if None not in user.abilities.get("figure.certify", ()):
        return []
    reviews = Review.objects.visible_to(user).filter(state__in=(Review.State.OPEN, Review.State.FROZEN))
    return [
        {
            "review": one,
            "waiting": Submission.objects.visible_to(user)
            .waiting()
            .touching(one.period_start, one.period_end)
            .count(),
        }
        for one in reviews.order_by("meeting_at")[:3]
    ]


def changes(row: Submission, former: Submission | None) -> list[dict]:
    """Totals under the dictionary's names, with their places, beside the former version's."""
    definitions = Definitions.on(row.period_start)
    lines = []
    for change in certification.changes(row, former):
        definition = definitions.get(change.code)
        is_money = definition.value_type == "money" if definition else False
        lines.append(
            {
                "change": change,
                "name": definition.name if definition else change.code,
                "places": 2 if is_money else 0,
                "unit": row.currency if is_money else "",
            }
        )
    return lines


def seen(user):
    return Submission.objects.visible_to(user).select_related("department", "handed_in_by", "uploaded_by")


def decidable(request, pk) -> Submission:
    """The version to decide on; to who does not certify it does not exist."""
    row = get_object_or_404(seen(request.user), pk=pk)
    if not may(request.user, "figure.certify", row.department):
        raise Http404
    return row


@require_POST
def certify_version(request, pk):
    row = decidable(request, pk)
    try:
        certification.certify(row, by=request.user, at=timezone.now())
    except certification.CannotCertify as refusal:
        return refused(request, row, refusal.problems)
    messages.success(request, _("Certified. These are the official figures now."))
    return redirect("certify")


@require_POST
def send_back_version(request, pk):
    row, reason = decidable(request, pk), request.POST.get("reason", "")
    remarks = written(request.POST)
    try:
        certification.send_back(row, reason, by=request.user, at=timezone.now(), remarks=remarks)
    except certification.CannotSendBack as refusal:
        return refused(request, row, refusal.problems, reason=reason, remarks=remarks)
    messages.success(request, _("Sent back. The department sees your sentence."))
    return redirect("certify")


def written(post) -> list[tuple[str, str]]:
    """The comments of the form as (place, text), without the lines that were left empty."""
    pairs = zip(post.getlist("place"), post.getlist("remark"), strict=False)
    return [(place.strip(), text.strip()) for place, text in pairs if place.strip() or text.strip()]


def refused(request, row, problems, *, reason="", remarks=()):
    """409 when somebody else was faster, 422 when the input is missing; the page as it stands now."""
    row.refresh_from_db()
    status = 422 if row.state == row.State.HANDED_IN else 409
    waiting = certification.waiting(request.user)
    return page(request, waiting, row, problems=problems, reason=reason, remarks=remarks, status=status)
