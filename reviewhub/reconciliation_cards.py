"""Differences between two sides on the home page: open ones for data owners, questions for the sides that are asked."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import CheckRun, Review, Ruling
from metrics.pair_words import pair_title
from metrics.unsettled import unsettled
from reviewhub.cards import Card
from reviewhub.people.models import User
from reviewhub.people.permissions import departments_with, may

DAY = dt.timedelta(days=1)


def open_ones(user: User, *, at: dt.datetime) -> list[Card]:
    """For data owners: what the latest checks of the reviews ahead left open between two sides. Four queries."""
    if not may(user, "figure.certify"):
        return []
    reviews = list(Review.objects.visible_to(user).upcoming(at).filter(state=Review.State.OPEN)[:3])
    cards = []
    for review in reviews:
        run = CheckRun.objects.shown(review)
        if found := unsettled(review, run) if run else []:
            cards.append(card(review, found, at=at))
    return cards


def card(review: Review, found: list[tuple[str, bool]], *, at: dt.datetime) -> Card:
    blocking = sum(blocks for _pair, blocks in found)
    titles = dict.fromkeys(pair_title(pair) for pair, _blocks in sorted(found, key=lambda one: not one[1]))
    said = {"count": len(found), "review": review.title}
    return Card(
        key=f"reconciliation-{review.pk}",
        state="fail" if blocking else "warn",
        title=ngettext(
            "%(count)s difference needs a ruling: %(review)s",
            "%(count)s differences need a ruling: %(review)s",
            len(found),
        )
        % said,
        url=f"{reverse('reconciliation')}?review={review.code}",
        verb=_("Settle"),
        note=" · ".join(titles),
        due_at=review.freeze_at,
        urgent=bool(blocking and at > review.freeze_at - DAY),
    )


def asked(user: User, *, at: dt.datetime) -> list[Card]:
    """For those who hand in a side's figures: questions of the data owner that wait for them. Two queries."""
    own = set(departments_with(user, "submission.edit").values_list("code", flat=True)) - {None}
    if not own or user.is_partner:
        return []
    latest = Ruling.objects.visible_to(user).select_related("review").prefetch_related("answers__department")
    cards = []
    for row in latest.filter(review__state=Review.State.OPEN).newest().values():
        mine = own & {row.left_department, row.right_department}
        if row.decision != "asked" or mine <= {one.department.code for one in row.answers.all()}:
            continue
        cards.append(
            Card(
                key=f"question-{row.pk}",
                state="warn",
                title=_("Answer a question: %(pair)s") % {"pair": pair_title(row.pair)},
                url=f"{reverse('reconciliation')}?review={row.review.code}"
                f"&conflict={row.pair}-{row.period_start:%Y-%m}",
                verb=_("Answer"),
                note=row.reason,
                due_at=row.answer_by,
                urgent=at > row.answer_by - DAY,
            )
        )
    return cards
