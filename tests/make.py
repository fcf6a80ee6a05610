"""Test data: small real rows, made by name."""

import datetime as dt
import itertools

from metrics.models import Submission
from metrics.periods import Period
from reviewhub.people.models import Assignment, Company, Department, Role, User

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


def company(**fields) -> Company:
    """The company, Shanghai time, CNY."""
    row, _ = Company.objects.get_or_create(pk=1, defaults={"name": "远帆", "name_en": "Farsail"} | fields)
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
    return {name: user(role, code, username=name) for name, (role, code) in PEOPLE.items()}


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
