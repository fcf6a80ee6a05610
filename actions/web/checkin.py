"""The form of the progress check-in: for whoever is signed in, and for whoever has the link of a mail."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from actions import blockers, checkin_answers, checkin_rhythm, checkin_rows
from actions.checkin_answers import CannotAnswer
from actions.checkin_rows import Said
from actions.models import LONGEST, CheckIn
from reviewhub.notices import links
from reviewhub.ui.htmx import UNPROCESSABLE

FIELDS = ("seen", "status", "blocked_by", "sentence", "confidence")
FOR_NOBODY = 10**12  # no row has such a number; larger ones do not fit into a column


@require_http_methods(["GET", "HEAD", "POST"])
def checkin(request):
    at = timezone.now()
    turn = checkin_rhythm.current(checkin_rhythm.kept(at), at)
    typed, problems = {}, {}
    if request.method == "POST":
        typed = said_in(request.POST)
        try:
            count = checkin_answers.answer(request.user, turn, list(typed.values()), at=at)
            messages.success(request, words_of(count))
            return redirect("home")
        except CannotAnswer as refusal:
            problems = refusal.problems
    context = form_context(request.user, turn, typed, problems)
    return render(request, "actions/checkin.html", context, status=UNPROCESSABLE if problems else 200)


def by_link(request, link):
    """The same form for the person of the link, whoever reads it; kept once (T17)."""
    at = timezone.now()
    turn = turn_of(link, at)
    typed, problems = {}, {}
    if request.method == "POST":
        typed = said_in(request.POST)
        try:
            keep_by_link(link, turn, typed, at=at)
        except CannotAnswer as refusal:
            problems = refusal.problems
    link.refresh_from_db()
    if link.used_at:
        return render(request, "actions/checkin_done.html", {"link": link, "turn": turn})
    context = form_context(link.user, turn, typed, problems, confidential=False) | {"link": link}
    return render(request, "actions/checkin_link.html", context, status=UNPROCESSABLE if problems else 200)


def turn_of(link, at):
    """The turn that the link is bound to; once a later one has been asked for, it counts no more."""
    rhythm = checkin_rhythm.kept(at)
    turn, due = checkin_rhythm.named(link.cycle_key, rhythm), checkin_rhythm.due(rhythm, at)
    if turn is None:
        raise links.Refused("unknown")
    if due and due.at > turn.at and not link.used_at:
        raise links.Refused("later")
    return turn


@transaction.atomic
def keep_by_link(link, turn, typed, *, at) -> None:
    """The link is used and the answer kept together; the second time nothing happens. Raises CannotAnswer."""
    if links.use(link, at=at):
        checkin_answers.answer(link.user, turn, list(typed.values()), at=at, by_link=True)


def said_in(data) -> dict[int, Said]:
    """The rows of a posted form by the number of their action; what is no number is no row."""
    numbers = [text for text in data.getlist("task") if text.isascii() and text.isdigit() and len(text) < 13]
    return {
        int(number): Said(int(number), **{name: data.get(f"{name}-{number}", "") for name in FIELDS})
        for number in numbers
        if int(number) < FOR_NOBODY
    }


def form_context(owner, turn, typed, problems, *, confidential: bool = True) -> dict:
    rows = checkin_rows.rows(
        owner, turn, on=timezone.localdate(), confidential=confidential, typed=typed, problems=problems
    )
    every = checkin_rows.tasks(owner, turn).count()
    helpers = blockers.helpers(owner)
    return {
        "owner": owner,
        "turn": turn,
        "rows": rows,
        "elsewhere": every - len(rows),
        "departments": [helper for helper in helpers if not helper.is_person],
        "people": [helper for helper in helpers if helper.is_person],
        "codes": {helper.code for helper in helpers},
        "statuses": checkin_answers.STATUSES,
        "confidences": CheckIn.Confidence.choices,
        "problems": problems.get(0, []),
        "refused": bool(problems),
        "longest": LONGEST,
    }


def words_of(count: int) -> str:
    if not count:
        return _("Saved already.")
    return ngettext("Saved: %(count)s task.", "Saved: %(count)s tasks.", count) % {"count": count}
