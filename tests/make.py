"""Test data: small real rows, made by name."""

import datetime as dt
import itertools
import zoneinfo
from decimal import Decimal

from actions import projects, recognising
from actions.models import Action, Blocker, CheckInRhythm
from meetings import scheduling
from meetings.models import Meeting
from metrics.models import Exemption, PeakSeason, Promotion, Review, Ruling, Submission
from metrics.periods import Period
from okr.models import Cycle, KeyResult, Objective
from reviewhub.people.models import Assignment, Company, Department, Role, User
from reviewhub.people.names import search_key

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
_number = itertools.count(1)

# name of demo sign-in → (role, department code)
PEOPLE = {
    "sales": ("lead", "SAL"),
    "marketing": ("lead", "MKT"),
    "supply": ("lead", "SCM"),
    "finance": ("lead", "FIN"),
    "tech": ("lead", "TEC"),
    "logistics": ("partner", "LOG"),
    "steward": ("steward", None),
    "facilitator": ("facilitator", None),
    "scribe": ("scribe", None),
    "ceo": ("executive", None),
    "hr": ("hr", None),
    "owner": ("owner", "SAL"),
    "observer": ("observer", None),
    "admin": ("administrator", None),
}


# Tests of pages sign people in without a second factor; those of the second factor set who needs one.
FARSAIL = {"name": "远帆", "name_en": "Farsail", "second_factor": "nobody"}


def company(**fields) -> Company:
    """The company, Shanghai time, CNY."""
    row, _ = Company.objects.get_or_create(pk=1, defaults=FARSAIL | fields)
    return row


def department(code="SAL") -> Department:
    return Department.objects.get(code=code)


def user(role="owner", code=None, **fields) -> User:
    """A person with one role, bound to the department `code` where one is given."""
    number = next(_number)
    home = Department.objects.get(code=code) if code else None
    person = User.objects.create(
        username=fields.pop("username", f"{role}{number}"),
        name_latin=f"Person {number}",
        department=home,
        **fields,
    )
    bound = home if role in ("lead", "analyst", "partner") else None
    Assignment.objects.create(user=person, role=Role.objects.get(code=role), department=bound, granted_at=AT)
    return person


def people() -> dict[str, User]:
    """One person for each demo sign-in name."""
    company()
    homes, roles = ({one.code: one for one in model.objects.all()} for model in (Department, Role))
    made = {}
    for name, (_role, code) in PEOPLE.items():
        latin = f"Person {next(_number)}"
        made[name] = User(
            username=name, name_latin=latin, department=homes.get(code), pinyin=search_key("", latin, name)
        )
    User.objects.bulk_create(made.values())
    Assignment.objects.bulk_create(
        Assignment(
            user=made[name],
            role=roles[role],
            department=homes[code] if role in ("lead", "analyst", "partner") else None,
            granted_at=AT,
        )
        for name, (role, code) in PEOPLE.items()
    )
    return made


def submission(code="SAL", period="2026-10", number=1, **fields):
    """A draft of the department `code`, with no facts yet."""
    when = Period.parse(period)
    return Submission.objects.create(
        department=department(code),
        profile=fields.pop("profile", "sales-daily"),
        profile_digest="0" * 64,
        period_start=when.start,
        period_end=when.end,
        number=number,
        uploaded_at=fields.pop("uploaded_at", AT),
        **fields,
    )


def review(code="2026-10", meeting_at=AT + dt.timedelta(days=1), **fields) -> Review:
    """A review whose gates lie before `meeting_at`; the data of October."""
    return Review.objects.create(
        code=code,
        title_zh=fields.pop("title_zh", "2026年10月经营分析会"),
        title_en=fields.pop("title_en", "October 2026 review"),
        period_start=dt.date(2026, 10, 1),
        period_end=dt.date(2026, 11, 1),
        time_zone="Asia/Shanghai",
        meeting_at=meeting_at,
        due_at=meeting_at - dt.timedelta(days=7),
        freeze_at=meeting_at - dt.timedelta(days=4),
        **fields,
    )


def meeting(people, scheduled_at=AT + dt.timedelta(hours=1), **fields) -> Meeting:
    """A meeting with the default agenda that is ready for its lobby; `people` as made by people()."""
    facilitator = people["facilitator"]
    return scheduling.plan_meeting(
        fields.pop("review", None) or review(meeting_at=scheduled_at),
        scheduled_at=scheduled_at,
        facilitator=facilitator,
        by=facilitator,
        at=fields.pop("at", min(AT, scheduled_at)),
        **fields,
    )


def project(people, codes=("SAL", "SCM"), name="Delivery in three days", **fields):
    """A joint project of the departments `codes`, led and opened by the sales lead at AT."""
    wish = projects.Wish(
        name,
        "German orders arrive within three days",
        people["sales"],
        tuple(department(code) for code in codes),
        tuple(people[one] for one in fields.pop("members", ("supply",))),
    )
    return projects.open_project(wish, by=people["sales"], at=AT, **fields)


def recognition(people, person="supply", by="sales", **fields):
    """Supply chain was named by sales at AT: five days of delivery became three."""
    wish = recognising.Wish(
        people[person],
        None,
        "Moved German stock in a week",
        "delivery in days",
        Decimal("5.2"),
        Decimal("2.9"),
        **fields,
    )
    return recognising.nominate(wish, by=people[by], at=AT)


def action(title="Launch the German site", owner=None, due="2026-12-05", **fields):
    """An action that was raised at AT, with its first due date."""
    due_on = dt.date.fromisoformat(due) if due else None
    return Action.objects.create(
        title=title,
        owner=owner,
        department=fields.pop("department", owner.department if owner else None),
        due_on=due_on,
        original_due_on=fields.pop("original_due_on", due_on),
        raised_at=fields.pop("raised_at", AT),
        **fields,
    )


def rhythm(anchor="2026-11-24", **fields) -> CheckInRhythm:
    """The check-in every second Tuesday from `anchor` on, 09:30 company time, settled ten days before AT."""
    company()
    fields = {"changed_at": AT - dt.timedelta(days=10)} | fields
    return CheckInRhythm.objects.create(pk=1, anchor_on=dt.date.fromisoformat(anchor), **fields)


def blocker(action, person=None, department=None, **fields) -> Blocker:
    """The owner of `action` waits for a person or a department, since AT."""
    return Blocker.objects.create(
        action=action,
        person=person,
        department=department,
        wanted=fields.pop("wanted", "The VAT number"),
        raised_at=AT,
        raised_by=action.owner,
        due_at=AT + dt.timedelta(days=3),
        **fields,
    )


def exemption(review, by, code="SAL", item="S7") -> Exemption:
    """A line of the checklist that `review` does not ask of the department `code`."""
    return Exemption.objects.create(
        review=review, department=department(code), item=item, reason="Not sold yet", given_at=AT, given_by=by
    )


def zone(name="Asia/Shanghai"):
    """The company's time zone."""
    return zoneinfo.ZoneInfo(name)


def peak_season(by, name="Singles' Day 2026", limits=None, **fields) -> PeakSeason:
    """20 October to 18 November 2026, the peak from 9 to 11 November."""
    days = {
        "prepares_on": dt.date(2026, 10, 20),
        "starts_on": dt.date(2026, 11, 9),
        "ends_on": dt.date(2026, 11, 12),
        "settles_on": dt.date(2026, 11, 19),
    }
    given = {"name_zh": "2026年双11", "name_en": name, "limits": limits or {}} | days | fields
    return PeakSeason.objects.create(decided_by=by, changed_at=AT, changed_by=by, **given)


def promotion(by, first="2026-11-09", last="2026-11-11", name="Double 11", **fields) -> Promotion:
    """One occurrence of a promotion, both days included."""
    days = [dt.date.fromisoformat(one) for one in (first, last)]
    return Promotion.objects.create(
        name_zh=name,
        name_en=name,
        starts_on=days[0],
        ends_on=days[1] + dt.timedelta(days=1),
        changed_at=AT,
        changed_by=by,
        **fields,
    )


def freeze(review, people, at=AT, reason=""):
    """Both sides sign the figures as they stand, the checks having looked at them; the snapshot."""
    from metrics import freezing  # noqa: PLC0415 - most tests freeze nothing

    checked(review, at)
    seen = freezing.standing(Review.objects.get(pk=review.pk)).fingerprint
    freezing.sign(review, "FIN", seen=seen, by=people["finance"], at=at)
    return freezing.sign(review, "TEC", seen=seen, by=people["tech"], at=at)


def checked(review, at=AT, results=()):
    """The run of the checks over what stands handed in, done at `at` with `results` (documents)."""
    from metrics.checks import runs  # noqa: PLC0415
    from metrics.models import CheckRun  # noqa: PLC0415

    if basis := runs.basis(review):
        CheckRun.objects.update_or_create(
            review=review,
            basis=basis,
            defaults={"state": "done", "asked_at": at, "finished_at": at, "results": list(results)},
        )


def ruling(review, by, **fields) -> Ruling:
    """A decision about sales and revenue of October."""
    return Ruling.objects.create(
        review=review,
        pair=fields.pop("pair", "ID69"),
        left_department=fields.pop("left_department", "SAL"),
        right_department=fields.pop("right_department", "FIN"),
        period_start=fields.pop("period_start", dt.date(2026, 10, 1)),
        period_end=fields.pop("period_end", dt.date(2026, 11, 1)),
        decision=fields.pop("decision", "accepted"),
        reason=fields.pop("reason", "Shipped, not paid."),
        left=fields.pop("left", "0"),
        right=fields.pop("right", "0"),
        residual=fields.pop("residual", "0"),
        profiles=fields.pop("profiles", "|sales-daily|pnl|"),
        decided_at=fields.pop("decided_at", AT),
        decided_by=by,
        **fields,
    )


def cycle(code="2026-Q4", **fields) -> Cycle:
    """A quarter that is running."""
    period = Period.parse(code)
    fields = {"length": "quarter", "state": Cycle.State.OPEN} | fields
    return Cycle.objects.create(code=code, starts_on=period.start, ends_on=period.end, **fields)


def cascade(people) -> tuple[Objective, KeyResult]:
    """An objective of the company and a key result of Sales below it, measured by hand from 10 to 20."""
    objective = Objective.objects.create(cycle=cycle(), title="A brand to trust", owner=people["ceo"])
    result = KeyResult.objects.create(
        cycle=objective.cycle,
        objective=objective,
        department=department("SAL"),
        title="Marketplaces opened",
        owner=people["sales"],
        baseline=10 * 10**6,
        target=20 * 10**6,
        unit="shops",
    )
    return objective, result
