"""What an owner says about the own tasks in one turn: every row is kept, or none."""

import datetime as dt
import re

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from actions import blockers, followup, proofs
from actions.checkin_rhythm import EARLY, company_zone
from actions.checkin_rows import Said, as_it_stands, blocking, code_of, latest, state_of, tasks
from actions.models import LONGEST, Action, Blocker, CheckIn
from reviewhub.notices.recurring import Cycle
from reviewhub.people.models import User

Status = Action.Status
# What an owner may say; dropping an action is somebody else's decision.
STATUSES = (Status.DONE, Status.DOING, Status.TODO)
# Control signs, invisible ones and those that turn the direction of writing.
UNWRITTEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class CannotAnswer(Exception):
    """Nothing was kept; `problems` says why: id of the action → sentences, 0 for what belongs to no row."""

    def __init__(self, problems: dict[int, list[str]]):
        super().__init__(" ".join(sentence for said in problems.values() for sentence in said))
        self.problems = problems


def one_line(text: str) -> str:
    """`text` without what no database and no reader wants, on one line."""
    return " ".join(UNWRITTEN.sub(" ", text).split())


def answered_at(owner: User, turn: Cycle) -> dt.datetime | None:
    """When `owner` last answered since two days before `turn`; None when not: then the question is asked."""
    said = CheckIn.objects.filter(by=owner, at__gte=turn.at - EARLY)
    return said.order_by("id").values_list("at", flat=True).last()


def answers(turn: Cycle, *, is_current: bool) -> dict[int, dt.datetime]:
    """Person → when they last answered `turn`; while it runs, or in the two days before it."""
    of_turn = Q(cycle_key=turn.key)
    said = CheckIn.objects.filter(of_turn | Q(at__gte=turn.at - EARLY) if is_current else of_turn)
    return dict(said.order_by("id").values_list("by_id", "at"))


@transaction.atomic
def answer(owner: User, turn: Cycle, said: list[Said], *, at: dt.datetime, by_link: bool = False) -> int:
    """Keep every row or none; how many of them said something new. Raises CannotAnswer.

    Twice the same is once. `by_link` tells that the token of a mail was the right to do so, and leaves confidential
    tasks alone.
    """
    wanted = Action.objects.select_for_update(of=("self",)).filter(pk__in=[each.action_id for each in said])
    list(wanted.order_by("pk"))  # locked in one order, whoever else saves
    own = {row.pk: row for row in tasks(owner, turn, confidential=not by_link)}
    found = [row for row in said if row.action_id in own]
    last, standing = latest(own.values()), blocking(own.values())
    named = {helper.code: helper for helper in blockers.helpers(owner)}
    new = [row for row in found if says_more(row, turn, own[row.action_id], last, standing)]
    problems = {
        row.action_id: row_problems(
            row, own[row.action_id], last.get(row.action_id), standing.get(row.action_id), named
        )
        for row in new
    }
    problems = {pk: sentences for pk, sentences in problems.items() if sentences}
    problems |= form_problems(owner, said, found)
    if problems:
        raise CannotAnswer(problems)
    for row in new:
        keep(row, own[row.action_id], turn, standing, named, by=owner, at=at, by_link=by_link)
    return len(new)


def form_problems(owner: User, said: list[Said], found: list[Said]) -> dict[int, list[str]]:
    """What stands against the form as a whole."""
    problems = []
    if not owner.is_active:
        problems.append(_("%(name)s does not work here any more.") % {"name": owner})
    if not said:
        problems.append(_("There is no task in this answer."))
    for row in said:
        if row not in found:
            words = {"sentence": one_line(row.sentence)[:LONGEST]}
            problems.append(
                _("One of these tasks is not yours any more. You had written: “%(sentence)s”") % words
                if words["sentence"]
                else _("One of these tasks is not yours any more.")
            )
    return {0: problems} if problems else {}


def says_more(row: Said, turn: Cycle, action: Action, last: dict, standing: dict) -> bool:
    """Whether `row` differs from what was kept in this turn."""
    before = last.get(action.pk)
    if before is None or before.cycle_key != turn.key:
        return True
    kept = as_it_stands(action, turn, before, standing.get(action.pk))
    now = (row.status, row.blocked_by, one_line(row.sentence), row.confidence)
    return now != (kept.status, kept.blocked_by, kept.sentence, kept.confidence)


def row_problems(
    row: Said, action: Action, last: CheckIn | None, blocker: Blocker | None, named: dict
) -> list[str]:
    """Why this row cannot be kept."""
    sentence, problems = one_line(row.sentence), []
    if row.status not in STATUSES:
        problems.append(_("Choose done, in progress or not started."))
    else:
        problems += followup.status_problems(action, row.status, by=action.owner)
    if len(sentence) > LONGEST:
        problems.append(_("One sentence takes at most %(number)s characters.") % {"number": LONGEST})
    if row.confidence and row.confidence not in CheckIn.Confidence.values:
        problems.append(_("Choose high, medium or low confidence, or none."))
    problems += blocker_problems(row, sentence, blocker, named)
    if not problems and row.seen != state_of(action, last):
        problems.append(changed_meanwhile(action, last))
    return problems


def blocker_problems(row: Said, sentence: str, blocker: Blocker | None, named: dict) -> list[str]:
    unchanged = row.blocked_by == code_of(blocker)
    if not row.blocked_by or (row.status == Status.DONE and unchanged):
        return []
    if row.status == Status.DONE:
        return [_("A task that is done waits for nobody.")]
    if row.blocked_by not in named:
        return [
            _("%(name)s cannot be asked any more. Name somebody else.") % {"name": blocker.named}
            if unchanged
            else _("Choose a department or a person from the list.")
        ]
    if not sentence and not unchanged:
        return [_("Say in one sentence what you need from them.")]
    return []


def changed_meanwhile(action: Action, last: CheckIn | None) -> str:
    """What stands now, for somebody whose form is older."""
    words = {"status": action.get_status_display()}
    if last is None or last.status_after != action.status:
        return _("This changed meanwhile: it is now “%(status)s”. Save again to replace that.") % words
    words |= {"time": f"{timezone.localtime(last.at):%H:%M}", "sentence": last.sentence or "–"}
    return (
        _("This changed at %(time)s: “%(status)s”, %(sentence)s. Save again to replace that with yours.")
        % words
    )


def keep(
    row: Said, action: Action, turn: Cycle, standing: dict, named: dict, *, by: User, at: dt.datetime, by_link
) -> CheckIn:
    """One row: what was said, the move of the action, and the block that begins or ends."""
    before, sentence = action.status, one_line(row.sentence)
    followup.set_status(action, row.status, by=by, at=at)
    if row.status == Status.DONE and not proofs.problem(action, sentence, by=by):
        proofs.close(action, sentence, by=by, at=at)  # what was said of a task that is done is its proof
    helper = named.get(row.blocked_by) if row.status != Status.DONE else None
    if helper:
        blocker = standing.get(action.pk)
        wanted = sentence or (blocker.wanted if blocker else "")
        blockers.name_blocker(action, helper, wanted, by=by, at=at, zone=company_zone())
    else:
        blockers.clear(action, by=by, at=at)
    return CheckIn.objects.create(
        action=action,
        by=by,
        at=at,
        cycle_key=turn.key,
        status_before=before,
        status_after=row.status,
        blocked_by_department=helper.row if helper and not helper.is_person else None,
        blocked_by_person=helper.row if helper and helper.is_person else None,
        sentence=sentence,
        confidence=row.confidence,
        by_link=by_link,
    )
