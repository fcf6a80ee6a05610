"""One world for the matrix: the demo company, and in it one thing of each kind that belongs to Sales, marked.

Every thing is made for the lead of Sales, so that `sales` is who owns it and `marketing` a lead of somebody else. What
is confidential says a MARK that stands nowhere else; the matrix looks for it in every byte that is sent.
"""

import datetime as dt
from decimal import Decimal

from actions import complaints
from actions.models import Action, BudgetAdjustment, Complaint, Dependency
from meetings import questions
from meetings.models import Capture, Meeting
from metrics import point_notes, saved_views
from metrics.models import Analysis, Feed, Note, Review, Slip
from metrics.periods import Period
from okr import offers
from okr.models import KeyResult, Objective, Share
from okr.negotiation import ABOVE, Terms
from reviewhub.people.models import Assignment, Confidentiality, Role, User
from tests import make
from tests.api import caller as tokens
from tests.notices import told
from tests.test_access import job, pinned, proposed

HOUR = dt.timedelta(hours=1)
# Role of the table (tests.trust.access_table) → name of demo sign-in.
NAMES = {
    "nobody": None,
    "administrator": "admin",
    "executive": "ceo",
    "facilitator": "facilitator",
    "co-facilitator": "cohost",
    "scribe": "scribe",
    "data owner": "steward",
    "lead of Sales": "sales",
    "analyst of Sales": "analyst",
    "task owner": "owner",
    "lead of Marketing": "marketing",
    "lead of Finance": "finance",
    "HR": "hr",
    "observer": "observer",
    "partner": "logistics",
}


SALES = {"data owner", "lead of Sales", "analyst of Sales"}
# What it is → what it says, and who may read that (robustness §2.1: C2 and C3). Nobody: an empty set.
MARKS = {
    "task of two": ("CANARYtask", {"lead of Sales", "task owner"}),
    "remark on a draft": ("CANARYremark", SALES),
    "name of an uploaded file": ("CANARYfile", SALES),
    "analysis before the pre-read": ("CANARYanalysis", SALES),
    "private line of a meeting": ("CANARYline", set()),
    "unpublished budget": (
        "CANARYbudget", {"administrator", "executive", "facilitator", "data owner", "lead of Finance"}
    ),
    "offer": ("CANARYoffer", {"executive", "lead of Sales"}),
    "reward": ("87,651,234", {"lead of Sales", "executive", "lead of Finance", "HR"}),
    "nomination": ("CANARYnamed", {"lead of Sales", "executive"}),
    "why a difference is": (
        "CANARYruling", {"executive", "data owner", "lead of Sales", "analyst of Sales", "lead of Finance"}
    ),
    "view kept for oneself": ("CANARYview", {"lead of Sales"}),
    "token": ("CANARYtoken", {"administrator", "lead of Sales"}),
    "complaint": ("CANARYcomplaint", {"executive", "facilitator", "task owner", "partner"} | SALES),
    "source": ("CANARYsource", {"administrator"} | SALES),
    "secret of a chat address": ("CANARYhook", set()),
    "password": ("CANARYhash", set()),
}  # fmt: skip


def crew() -> dict[str, User]:
    """The people of the demo company by the name of demo sign-in, and a co-facilitator, whom it lacks."""
    cohost = User.objects.create(username="cohost", name="贺超", name_latin="He Chao")
    Assignment.objects.create(user=cohost, role=Role.objects.get(code="co-facilitator"), granted_at=make.AT)
    return {one.username: one for one in User.objects.filter(is_machine=False)}


def complained(people: dict[str, User]) -> Complaint:
    """A complaint of Sales about the partner."""
    wish = complaints.Wish(make.department("LOG"), "late", "Late to Lyon", MARKS["complaint"][0])
    return complaints.complain(wish, by=people["sales"], at=make.AT)


def things(people: dict[str, User]) -> dict[str, dict]:
    """Route, or what stands before its first dash → the values of its parameters."""
    held, coming = (Review.objects.get(code=code) for code in ("2026-09", "2026-10"))
    past, meeting = (Meeting.objects.get(review=one) for one in (held, coming))
    objective = Objective.objects.get(cycle__code="2026-Q4")
    result = KeyResult.objects.filter(cycle=objective.cycle, department__code="SAL").first()
    cycle = objective.cycle.code
    action = make.action(owner=people["owner"], raised_by=people["sales"])
    make.action(
        MARKS["task of two"][0],
        people["owner"],
        raised_by=people["sales"],
        confidentiality=Confidentiality.CONFIDENTIAL,
    )
    waits = Dependency.objects.create(
        waiting=action, awaited=Action.objects.filter(owner=people["sales"]).first(), since=make.AT
    )
    draft = make.submission("SAL", period="2026-11", uploaded_by=people["sales"])
    slip = Slip.objects.create(
        submission=draft,
        code="SIGN",
        metric="SAL_NET",
        params={"ratio": "-1", "factor": "-1"},
        found_at=make.AT,
    )
    remark = draft.remarks.create(
        text=MARKS["remark on a draft"][0], written_at=make.AT, written_by=people["steward"]
    )
    reading = job(people)
    reading.source.name = f"{MARKS['name of an uploaded file'][0]}.csv"
    reading.source.save()
    Analysis.objects.filter(review=coming, department__code="SAL").update(
        moved=MARKS["analysis before the pre-read"][0]
    )
    season, promotion = (
        make.peak_season(people["steward"], "Ours"),
        make.promotion(people["admin"], name="Ours"),
    )
    share = Share.objects.create(
        result=result,
        department=make.department("MKT"),
        asked_at=make.AT,
        asked_by=people["sales"],
        from_helper=False,
    )
    wish = offers.Wish(
        objective, make.department("SAL"), title="Ten shops", unit="shops", terms=Terms(Decimal(10))
    )
    offer = offers.propose(objective.cycle, wish, ABOVE, MARKS["offer"][0], by=people["ceo"], at=make.AT)
    source = Feed.objects.create(
        name=MARKS["source"][0], department=make.department("SAL"), kind="folder", config={"path": "sales"},
        covers="name", owner=people["sales"], made_at=make.AT, made_by=people["admin"], next_run_at=make.AT,
    )  # fmt: skip
    view = saved_views.keep(
        saved_views.Place("board", "sales"), "", "Mine", "everyone", by=people["sales"], at=make.AT
    )
    place = saved_views.Place("board", "sales")
    saved_views.keep(place, "", MARKS["view kept for oneself"][0], "own", by=people["sales"], at=make.AT)
    noted = point_notes.write(
        "SAL_AOV", Period.parse("2026-10"), {}, "Holiday week", by=people["sales"], at=make.AT
    )
    question = questions.ask(coming, "sales", "Why?", metric="SAL_NET", by=people["ceo"], at=make.AT)
    proposal = proposed(people)
    hook = told.hook(
        people["sales"],
        url=f"https://open.feishu.cn/open-apis/bot/v2/hook/{MARKS['secret of a chat address'][0]}",
    )
    token = tokens.made(people["sales"])[0]
    type(token).objects.filter(pk=token.pk).update(name=MARKS["token"][0])
    people["sales"].password = f"pbkdf2_sha256$1$x${MARKS['password'][0]}"
    people["sales"].save()
    ruling = make.ruling(
        coming,
        people["steward"],
        decision="asked",
        answer_by=coming.meeting_at,
        reason=MARKS["why a difference is"][0],
    )
    exemption = make.exemption(coming, people["steward"])
    figure = pinned(coming, people)
    note = Note.objects.first()
    line = Capture.objects.filter(meeting=past, kind="decision").first()
    Capture.objects.filter(meeting=past, kind="park").update(
        text=MARKS["private line of a meeting"][0], confidentiality=Confidentiality.CONFIDENTIAL
    )
    named = make.recognition(people, reward="bonus", amount=Decimal(87_651_234))
    type(named).objects.filter(pk=named.pk).update(sentence=MARKS["nomination"][0])
    budget = BudgetAdjustment.objects.create(
        review=coming, opened_at=make.AT, due_at=make.AT + 48 * HOUR, currency="CNY"
    )
    BudgetAdjustment.objects.filter(pk=budget.pk).update(
        version=1, saved_at=make.AT, saved_by=people["finance"]
    )
    budget.lines.create(
        position=0,
        to_account="Ads",
        to_department=make.department("MKT"),
        amount=1,
        note=MARKS["unpublished budget"][0],
    )
    return {
        "department": {"slug": "sales"},
        "okr": {"code": cycle, "pk": result.pk},
        "okr-objective": {"code": cycle, "pk": objective.pk},
        "okr-objective-edit": {"code": cycle, "pk": objective.pk},
        "okr-objective-drop": {"code": cycle, "pk": objective.pk},
        "okr-offer": {"code": cycle, "pk": offer.pk},
        "okr-offer-take": {"code": cycle, "pk": offer.pk, "kind": "accept"},
        "okr-link-accept": {"code": cycle, "kind": "owns", "pk": share.pk},
        "okr-link-end": {"code": cycle, "kind": "owns", "pk": share.pk},
        "okr-reset": {"code": cycle},
        "okr-grade": {"code": cycle, "pk": result.pk},
        # Nobody's: plans, statements and disputes have canaries of their own (tests/okr/test_pay_canaries.py).
        "pay": {
            "code": cycle,
            "pk": 999_999,
            "person": 1,
            "line": 1,
            "dispute": 1,
            "slug": "sales",
            "verb": "ask",
        },
        "alignment": {"code": cycle},
        "capture": {"pk": line.pk},
        "decision": {"pk": line.pk},
        "metric": {"code": "SAL_AOV"},
        "propose": {"code": "SAL_AOV"},
        "targets": {"code": "SAL_AOV"},
        "watch-metric": {"code": "SAL_AOV"},
        "badge": {"code": "SAL_AOV"},
        "passport": {"code": "SAL_AOV"},
        "variants": {"code": "SAL_AOV"},
        "board-sentence": {"code": "SAL_AOV"},
        "point-note-write": {"code": "SAL_AOV"},
        "explore": {"code": "SAL_AOV", "block": "sal-aov"},
        "explore-questions": {"code": "SAL_AOV", "block": "trend"},
        "board": {"code": "technology", "block": "uptime"},
        "board-questions": {"code": "deck", "block": "sal-net"},
        "sales-csv": {"block": "trend"},
        "notes": {"slug": "marketing", "code": coming.code, "item": "M5"},
        "note-file": {"pk": note.pk},
        "question": {"pk": question.pk},
        "promotion": {"pk": promotion.pk},
        "peak-season": {"pk": season.pk},
        "proposal-make": {"slug": "sales", "code": coming.code, "digest": "0" * 16, "kind": "task"},
        "proposal-undo": {"slug": "sales", "code": coming.code, "digest": "0" * 16},
        "proposal": {"pk": proposal.pk},
        "allow-proposal": {"pk": proposal.pk},
        "comment-proposal": {"pk": proposal.pk},
        "approve-proposal": {"pk": proposal.pk},
        "reject-proposal": {"pk": proposal.pk},
        "withdraw-proposal": {"pk": proposal.pk},
        "submission": {"pk": draft.pk},
        "certify-version": {"pk": draft.pk},
        "send-back-version": {"pk": draft.pk},
        "slip-fix": {"pk": slip.pk},
        "submissions": {"slug": "sales", "code": coming.code},
        "analysis": {"slug": "sales", "code": coming.code},
        "exemption": {"pk": exemption.pk},
        "remark": {"pk": remark.pk},
        "freeze": {"code": "2026-11"},
        "reconciliation": {"code": coming.code, "key": "ID69-2026-10"},
        "reconciliation-answer": {"pk": ruling.pk},
        "preread": {"code": coming.code, "pk": 1},
        "pin": {"pk": figure.pk},
        "point-note": {"pk": noted.pk},
        "template-file": {"table": "sales_daily"},
        "import": {"pk": reading.pk},
        "meeting": {"pk": meeting.pk},
        "meeting-joint": {"pk": meeting.pk, "key": "c1"},
        "meeting-close": {"pk": past.pk, "line": line.pk},
        "meeting-mine": {"pk": past.pk},
        "meeting-answer": {"pk": past.pk, "line": line.pk},
        "meeting-retro": {"pk": past.pk},
        "meeting-improve": {"pk": past.pk},
        "meeting-judge": {"pk": past.pk},
        "minutes": {"pk": past.pk, "section": "SUMMARY", "number": 1, "kind": "md"},
        "budget": {"code": coming.code, "slug": "sales"},
        "checks": {"code": coming.code},
        "review-decisions": {"code": held.code},
        "company-days-remove": {"pk": 1},
        "person": {"pk": people["sales"].pk, "assignment": people["sales"].assignments.get().pk},
        "action": {"pk": action.pk, "dependency": waits.pk},
        "recognition": {"pk": named.pk},
        "complaint": {"pk": complained(people).pk},
        "project": {"pk": make.project(people).pk},
        "shared-kpi": {"pk": 1},
        "checkin-blocker": {"pk": make.blocker(action, people["supply"]).pk},
        "notice": {"uuid": told.message(people["sales"]).pk},
        "notice-queue": {"uuid": told.delivery(people["sales"]).pk},
        "notice-hook": {"pk": hook.pk},
        "calendar-feed": {"token": "unknown"},
        "api": {"path": "v1/submissions"},
        "token": {"pk": token.pk},
        "source": {"pk": source.pk},
        "saved": {"pk": view.pk},
        "source-new": {"kind": "folder"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        "account_confirm_email": {"key": "x"},
        "mfa_edit_webauthn": {"pk": 999_999},
        "mfa_remove_webauthn": {"pk": 999_999},
        "security": {"pk": 999_999},
        "join": {"token": "x"},
        "openid_connect_login": {"provider_id": "company"},
        "openid_connect_callback": {"provider_id": "company"},
        "form-link": {"token": "x" * 43},
    }


def known(name: str, values: dict) -> dict:
    """The values for a route: of its own name or of the longest beginning of it that has some."""
    parts = name.split("-")
    for length in range(len(parts), 0, -1):
        if found := values.get("-".join(parts[:length])):
            return found
    return {}
