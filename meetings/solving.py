"""The cross-department block: problems raised before are ranked, taken up one by one, and closed with a cause."""

import uuid
from dataclasses import dataclass

from meetings import capturing, causes, clock, logbook, parked, signals, topics
from meetings.models import Capture, Meeting, Part, Topic
from meetings.problems import Problem, Refused
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import may

VOTE, WEIGH, TAKE, SIDES, STEP, FILL, CLEAR, CLOSE = (
    "issue.vote", "issue.weigh", "issue.take", "issue.sides", "issue.step", "branch.fill", "branch.clear",
    "issue.close",
)  # fmt: skip
BY_EVERYBODY = (VOTE, FILL, CLEAR)
BY_ASSISTANTS = (WEIGH, TAKE, SIDES, STEP, CLOSE)
RAISED = (Capture.Kind.ISSUE, Capture.Kind.PARK, Capture.Kind.CONFLICT)
LONGEST, LONGEST_NUMBER, MOST_MONEY, SHOWN, SHOWN_TEXT = 200, 40, 10**12, 8, 90
OUTCOME = uuid.UUID("3c0c2a55-0d0e-4b5b-9f0e-6a3d1c8f7b42")  # names the lines that closing writes down


@dataclass(frozen=True)
class Raised:
    """A problem that can be taken up: `c` and a capture, `t` and a topic, or `r` and a parked difference."""

    key: str
    zh: str
    en: str
    amount: int | None = None


def raised(captures: list[Capture], shared: list[Topic | parked.Parked]) -> list[Raised]:
    """Everything parked or raised, topics of the block first, in the order in which it came up."""
    found = []
    for one in shared:
        words = topics.put_up(one)
        key = f"r{one.ruling.pk}" if isinstance(one, parked.Parked) else f"t{one.pk}"
        found.append(Raised(key, words["zh"], words["en"]))
    for row in captures:
        if row.kind in RAISED and (text := row.text or row.typed):
            found.append(Raised(f"c{row.pk}", text, text, _amount(row.parsed.get("money"))))
    return found


def _amount(money):
    """What was written behind $; an amount in another currency says nothing beside the others."""
    return abs(int(float(money["amount"]))) if money and not money["currency"] else None


def shown(lines: list, captures: list[Capture], shared: list, part: Part | None, reader: User) -> dict | None:
    """The block as screens carry it while it is on the floor: how many votes, never whose. `captures`: those that the
    reader may see. A partner sees what it raised itself, and of a problem that it is asked about its own branch."""
    if part is None or part.segment.code != topics.SHARED or (reader.is_partner and part.segment.is_private):
        return None
    if reader.is_partner:
        own = [one for one in shared if isinstance(one, Topic) and topics.may_read(one, reader)]
        return _for_partner(causes.read(lines), raised(captures, own), reader)
    board, found = causes.read(lines), {one.key: one for one in raised(captures, shared)}
    order = causes.ranked({key: one.amount for key, one in found.items()}, board)
    order.sort(key=lambda key: key in board.works and board.works[key].is_closed)
    work = board.work if board.now in found else None
    kept = order[:SHOWN] + [key for key in order[SHOWN:] if work and key == work.key]
    return {
        "list": [_row(found[key], board) for key in kept],
        "more": len(order) - len(kept),
        "votes_each": causes.VOTES_EACH,
        "now": _work(work) if work else None,
    }


def _for_partner(board, found, reader):
    """Neither votes nor money; a problem of others that it is asked about has no words."""
    code, work = reader.department.code, board.work
    work = work if work and code in work.between else None
    if work and all(one.key != work.key for one in found):
        found = [Raised(work.key, "", ""), *found]
    told = _work(work) if work else None
    for side in told["between"] if told else ():
        if side["code"] != code:
            side["causes"] = None
    rows = [_row(one, board) | {"votes": 0, "amount": None} for one in found]
    return {"list": rows[:SHOWN], "more": max(0, len(rows) - SHOWN), "votes_each": 0, "now": told}


def _row(one, board):
    work = board.works.get(one.key)
    return {
        "key": one.key,
        "zh": one.zh[:SHOWN_TEXT],
        "en": one.en[:SHOWN_TEXT],
        "votes": len(board.votes.get(one.key, ())),
        "amount": board.amounts.get(one.key, one.amount),
        "is_closed": bool(work and work.is_closed),
    }


def _work(work):
    names = {one.code: one for one in Department.objects.filter(code__in=work.between)}
    return {
        "key": work.key,
        "step": work.step,
        "box_s": work.box_s,
        "from_s": work.from_s,
        "between": [
            {
                "code": code,
                "zh": names[code].name_zh,
                "en": names[code].name_en,
                "causes": [vars(cause) for cause in work.causes.get(code, ())],
            }
            for code in work.between
            if code in names
        ],
    }


def board_of(meeting: Meeting) -> causes.Board:
    """The board as the log of `meeting` has it."""
    return causes.read(signals.standing(meeting.events.order_by("seq")))


def issues_of(meeting) -> dict[str, Raised]:
    """Every problem that was raised before or in the meeting, by its key."""
    captures = list(meeting.captures.order_by("captured_at", "id"))
    shared = topics.by_segment(meeting, list(meeting.segments.all())).get(topics.SHARED, [])
    return {one.key: one for one in raised(captures, shared)}


def _on_the_floor(meeting) -> tuple[clock.Plan, clock.State]:
    plan, state = logbook.standing(meeting)
    part = meeting.parts.filter(code=state.current).select_related("segment").first()
    if meeting.state not in (Meeting.State.RUNNING, Meeting.State.PAUSED) or part is None:
        raise Refused(Problem("not_running"), out_of_turn=True)
    if part.segment.code != topics.SHARED:
        raise Refused(Problem("block_not_on"), out_of_turn=True)
    return plan, state


def _named(meeting, arguments) -> Raised:
    found = issues_of(meeting).get(arguments.get("to"))
    if found is None:
        raise Refused(Problem("no_such_issue"), out_of_turn=True)
    return found


def _working(meeting) -> causes.Work:
    _on_the_floor(meeting)
    work = board_of(meeting).work
    if work is None:
        raise Refused(Problem("no_issue_now"), out_of_turn=True)
    return work


def vote(meeting, arguments, client_id, by, at):
    """One of three votes for a problem; a second time takes it back."""
    _on_the_floor(meeting)
    if by.is_partner:
        raise Refused(Problem("may_not_vote"))
    issue, own = _named(meeting, arguments), board_of(meeting).voted(by.pk)
    if issue.key not in own and len(own) >= causes.VOTES_EACH:
        raise Refused(Problem("votes_spent", {"count": causes.VOTES_EACH}))
    payload = {"issue": issue.key, "is_on": issue.key not in own}
    return logbook.aside(meeting, causes.VOTED, payload, client_id, by, at)


def weigh(meeting, arguments, client_id, by, at):
    """How much money is at stake."""
    _on_the_floor(meeting)
    issue, amount = _named(meeting, arguments), arguments.get("amount")
    if amount is None or not 0 <= amount <= MOST_MONEY:
        raise Refused(Problem("not_an_amount"))
    return logbook.aside(meeting, causes.WEIGHED, {"issue": issue.key, "amount": amount}, client_id, by, at)


def take(meeting, arguments, client_id, by, at):
    """A problem is worked on from now: its timebox is its share of what is left of the block."""
    plan, state = _on_the_floor(meeting)
    issue, board = _named(meeting, arguments), board_of(meeting)
    others = set(board.works) - {issue.key}
    problems = max(1, min(causes.MOST, len(issues_of(meeting))) - len(others))
    left = clock.remaining(plan, state, clock.clamped(at, state.last_at))
    payload = {
        "issue": issue.key,
        "between": _sides(meeting, issue),
        "box_s": causes.box_s(left, problems),
        "from_s": state.ledger[state.current] - left,
    }
    return logbook.aside(meeting, causes.TAKEN, payload, client_id, by, at)


def _sides(meeting, issue) -> list[str]:
    """The two departments that a problem speaks of, as far as it says so."""
    kind, number = issue.key[0], int(issue.key[1:])
    if kind == "r":
        one = next(each for each in parked.of(meeting.review) if each.ruling.pk == number)
        found = [one.pair.left.department, one.pair.right.department]
    elif kind == "t":
        found = [meeting.review.topics.select_related("department").get(pk=number).department.code]
    else:
        row = meeting.captures.select_related("part__segment__department", "owner__department").get(pk=number)
        homes = [
            row.part.segment.department if row.part else None,
            row.owner.department if row.owner else None,
        ]
        homes += capturing.departments(row.parsed.get("collaborators", ()))
        found = [home.code for home in homes if home]
    return list(dict.fromkeys(found))[:2]


def set_sides(meeting, arguments, client_id, by, at):
    """Which two departments fill the tree; what they had named before stays with them."""
    _working(meeting)
    codes = arguments.get("sides", [])
    known = Department.objects.active().filter(code__in=codes).count()
    if len(set(codes)) != 2 or known != 2:
        raise Refused(Problem("two_departments"))
    return logbook.aside(meeting, causes.BETWEEN, {"between": codes}, client_id, by, at)


def step(meeting, arguments, client_id, by, at):
    """Identify, discuss, solve."""
    _working(meeting)
    if arguments.get("to") not in causes.STEPS:
        raise Refused(Problem("unknown_step"))
    return logbook.aside(meeting, causes.STEPPED, {"step": arguments["to"]}, client_id, by, at)


def _branch(meeting, work, code, by: User) -> str:
    """The branch that `by` may fill: of the own department; who runs or assists fills both."""
    if code not in work.between:
        raise Refused(Problem("no_such_branch"))
    own = by.department.code if by.department else ""
    if own != code and by.pk != meeting.facilitator_id and not may(by, "meeting.assist"):
        raise Refused(Problem("branch_of_others"))
    return code


def fill(meeting, arguments, client_id, by, at):
    """A cause, with the number that shows it, in the branch of one department."""
    work = _working(meeting)
    code = _branch(meeting, work, arguments.get("department", ""), by)
    text, number = (capturing.cleaned(arguments.get(name, "")) for name in ("text", "number"))
    if not text:
        raise Refused(Problem("empty_text"))
    if len(text) > LONGEST or len(number) > LONGEST_NUMBER:
        raise Refused(Problem("text_too_long", {"limit": LONGEST if len(text) > LONGEST else LONGEST_NUMBER}))
    if not any(mark.isdigit() for mark in number):
        raise Refused(Problem("number_missing"))
    _no_blame(text)
    if len(work.causes.get(code, ())) >= causes.MOST_CAUSES:
        raise Refused(Problem("branch_full", {"count": causes.MOST_CAUSES}))
    payload = {"department": code, "text": text, "number": number}
    return logbook.aside(meeting, causes.FILLED, payload, client_id, by, at)


def clear(meeting, arguments, client_id, by, at):
    """The last cause of a branch was a slip."""
    work = _working(meeting)
    code = _branch(meeting, work, arguments.get("department", ""), by)
    if not work.causes.get(code):
        raise Refused(Problem("nothing_to_undo"), out_of_turn=True)
    return logbook.aside(meeting, causes.CLEARED, {"department": code}, client_id, by, at)


def _no_blame(text):
    names = [
        name
        for one in Department.objects.active()
        for name in (one.code, one.slug, one.name_zh, one.name_zh.removesuffix("部"), one.name_en)
    ]
    if causes.blames(text, names):
        raise Refused(Problem("cause_is_a_department"))


def close(meeting, arguments, client_id, by, at):
    """Both sides have spoken: the problem ends with a cause, and with a decision, a task, or both."""
    work = _working(meeting)
    issue = issues_of(meeting).get(work.key)
    cause, decision, task = (
        capturing.cleaned(arguments.get(name, "")) for name in ("cause", "decision", "task")
    )
    if len(work.between) != 2:
        raise Refused(Problem("two_departments"))
    if work.empty_branches():
        raise Refused(Problem("branch_empty", {"department": work.empty_branches()[0]}))
    if not cause:
        raise Refused(Problem("cause_missing"))
    if max(map(len, (cause, decision, task))) > LONGEST:
        raise Refused(Problem("text_too_long", {"limit": LONGEST}))
    _no_blame(cause)
    if not decision and not task:
        raise Refused(Problem("outcome_missing"))
    _plan, state = logbook.standing(meeting)
    part = meeting.parts.select_related("segment__department").get(code=state.current)
    title = issue.zh if issue else ""
    lines = [("note", f"/n {title} ← {cause}"), ("decision", f"/d {decision}"), ("task", f"/a {task}")]
    said = {"note": title, "decision": decision, "task": task}
    written = {
        name: capturing.write_down(
            meeting, text, part=part, client_id=uuid.uuid5(OUTCOME, f"{client_id} {name}"), by=by, at=at
        ).pk
        for name, text in lines
        if said[name]
    }
    payload = {"issue": work.key, "cause": cause, "captures": written}
    return logbook.aside(meeting, causes.CLOSED, payload, client_id, by, at)


ORDERS = {
    VOTE: vote,
    WEIGH: weigh,
    TAKE: take,
    SIDES: set_sides,
    STEP: step,
    FILL: fill,
    CLEAR: clear,
    CLOSE: close,
}
