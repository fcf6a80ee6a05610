"""Complaints about the partner: raised by a department, answered by the partner within two working days, solved when
the department says so. What the department writes after an answer asks anew."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from actions import checkin_rhythm
from actions.models import Complaint, ComplaintLine
from reviewhub.notices import planning
from reviewhub.people import activity, company_days
from reviewhub.people.models import Department, User

SAID = "complaint.said"  # a kind of notice (actions.complaint_notices)
ANSWER_IN = 2  # working days
LONGEST, LONGEST_TITLE, LONGEST_REFERENCE, MOST_PARCELS = 1000, 120, 80, 1_000_000
State, Kind = Complaint.State, ComplaintLine.Kind


class CannotComplain(Exception):
    """Nothing was written; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wish:
    """What somebody complains about."""

    partner: Department | None
    about: str
    title: str
    text: str
    reference: str = ""
    parcels: int = 1


def partners() -> list[Department]:
    """Whom one may complain to: the departments that stand apart."""
    return list(Department.objects.active().filter(kind=Department.Kind.PARTNER))


def may_raise(by: User) -> bool:
    """Colleagues of a department."""
    return by.is_active and not by.is_partner and by.department_id is not None


def is_complaining(complaint: Complaint, by: User) -> bool:
    return by.is_active and not by.is_partner and by.department_id == complaint.department_id


def is_answering(complaint: Complaint, by: User) -> bool:
    return by.is_active and by.department_id == complaint.partner_id


@transaction.atomic
def complain(wish: Wish, *, by: User, at: dt.datetime) -> Complaint:
    """Open a thread. Raises CannotComplain."""
    title, reference = (" ".join(one.split()) for one in (wish.title, wish.reference))
    problems = {} if may_raise(by) else {"": _("Colleagues of a department complain.")}
    if wish.partner is None or wish.partner.pk not in {one.pk for one in partners()}:
        problems["partner"] = _("Choose the partner.")
    if wish.about not in Complaint.About.values:
        problems["about"] = _("Choose what it is about.")
    if not 0 < len(title) <= LONGEST_TITLE:
        problems["title"] = _("Say in a line what happened, in at most %(most)s characters.") % {
            "most": LONGEST_TITLE
        }
    if len(reference) > LONGEST_REFERENCE:
        problems["reference"] = _("At most %(most)s characters.") % {"most": LONGEST_REFERENCE}
    if not 1 <= wish.parcels <= MOST_PARCELS:
        problems["parcels"] = _("Between 1 and %(most)s parcels.") % {"most": MOST_PARCELS}
    problems |= _text_problem(wish.text)
    if problems:
        raise CannotComplain(problems)
    made = Complaint.objects.create(
        department=by.department,
        partner=wish.partner,
        about=wish.about,
        reference=reference,
        parcels=wish.parcels,
        title=title,
        raised_at=at,
        raised_by=by,
        answer_by=answer_by(at),
    )
    _write(made, Kind.RAISED, wish.text, by=by, at=at)
    return made


@transaction.atomic
def say(complaint: Complaint, text: str, *, by: User, at: dt.datetime) -> Complaint:
    """Go on with the thread: from the partner it is the answer, from the department it asks anew. Raises
    CannotComplain."""
    complaint = _held(complaint)
    problems = _text_problem(text)
    if not (is_answering(complaint, by) or is_complaining(complaint, by)):
        problems[""] = _("Only both sides write here.")
    elif complaint.state == State.SOLVED:
        problems[""] = _("It is solved; complain anew.")
    if problems:
        raise CannotComplain(problems)
    if is_answering(complaint, by):
        complaint.state, complaint.answer_by, kind = State.ANSWERED, None, Kind.ANSWERED
    else:
        if complaint.state == State.ANSWERED:
            complaint.answer_by = answer_by(at)
        complaint.state, kind = State.OPEN, Kind.SAID
    complaint.save(update_fields=["state", "answer_by"])
    _write(complaint, kind, text, by=by, at=at)
    return complaint


@transaction.atomic
def solve(complaint: Complaint, text: str = "", *, by: User, at: dt.datetime) -> Complaint:
    """The department that complained says that it is solved. Raises CannotComplain."""
    complaint = _held(complaint)
    problems = {}
    if not is_complaining(complaint, by):
        problems[""] = _("Who complained says that it is solved.")
    elif complaint.state == State.SOLVED:
        problems[""] = _("It is solved already.")
    if len(text) > LONGEST:
        problems["text"] = _("At most %(most)s characters.") % {"most": LONGEST}
    if problems:
        raise CannotComplain(problems)
    complaint.state, complaint.answer_by, complaint.solved_at = State.SOLVED, None, at
    complaint.save(update_fields=["state", "answer_by", "solved_at"])
    _write(complaint, Kind.SOLVED, text, by=by, at=at)
    return complaint


def answer_by(at: dt.datetime) -> dt.datetime:
    """Two working days of the company later."""
    return company_days.working_days().after(at, ANSWER_IN, checkin_rhythm.company_zone())


def is_late(complaint: Complaint, at: dt.datetime) -> bool:
    return complaint.answer_by is not None and complaint.answer_by < at


def _text_problem(text: str) -> dict[str, str]:
    if 0 < len(text.strip()) <= LONGEST:
        return {}
    return {"text": _("Write what it is, in at most %(most)s characters.") % {"most": LONGEST}}


def _held(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)


def _write(complaint: Complaint, kind: str, text: str, *, by: User, at: dt.datetime) -> None:
    line = complaint.lines.create(kind=kind, text=text.strip(), at=at, by=by)
    activity.record(
        f"complaint.{kind}",
        complaint,
        by=by,
        at=at,
        params={"title": complaint.title},
        department=complaint.department,
    )
    planning.raise_occurrence(SAID, complaint, at=at, cycle_key=str(line.pk), params={"line": line.pk})
