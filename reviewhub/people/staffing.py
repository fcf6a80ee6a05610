"""Who works here and in which role: people are added, given roles, and leave."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from reviewhub.people import activity, addresses
from reviewhub.people.models import Assignment, Confidentiality, Department, Role, User
from reviewhub.people.permissions import ROLES

# Held for one department each; every other role of the product counts for the whole company.
OF_A_DEPARTMENT = ("lead", "analyst", "partner")
LONGEST_ADDRESS = 254
LANGUAGES = ("", *(code for code, _name in settings.LANGUAGES))


class CannotStaff(Exception):
    """Nothing was changed; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Details:
    """What is known of a person. `username` is theirs for good: the activity log refers to it."""

    username: str
    name: str = ""
    name_latin: str = ""
    email: str = ""
    department: Department | None = None
    language: str = ""


def may_manage(by: User) -> bool:
    """People are managed for the whole company or not at all."""
    return by.is_active and None in by.abilities.get("people.manage", ())


# --- What stands against it ---------------------------------------------------------------------------------


def details_problems(details: Details, *, by: User, person: User | None = None) -> dict[str, str]:
    """What stands against keeping these details of `person` (None: somebody new)."""
    found = _not_yours(by) | identity_problems(details, person)
    if problem := _department_problem(details.department, person):
        found["department"] = problem
    return found


def identity_problems(details: Details, person: User | None = None) -> dict[str, str]:
    """What stands against being called and reached like this, whoever writes it."""
    found = {}
    others = User.objects.exclude(pk=person.pk) if person else User.objects.all()
    if not details.name.strip() and not details.name_latin.strip():
        found["name"] = _("Write the name in at least one of the two scripts.")
    for field in ("name", "name_latin"):
        if not addresses.is_plain(getattr(details, field)):
            found[field] = _("Line breaks and invisible characters are not allowed here.")
    if person is None:
        found |= _username_problems(details.username, others)
    if details.email and (problem := _email_problem(details.email, others)):
        found["email"] = problem
    if details.language not in LANGUAGES:
        found["language"] = _("This language is not available.")
    return found


def role_problems(person: User, role: Role, department: Department | None, *, by: User) -> dict[str, str]:
    """What stands against giving `person` this role, for `department` or (None) for the whole company."""
    found = _not_yours(by)
    is_partners = bool(department) and department.kind == Department.Kind.PARTNER
    if not person.is_active:
        found[""] = _("This account is closed. Open it again first.")
    if role.code == "partner" and not is_partners:
        found["department"] = _("The role of a partner needs the department of a partner.")
    elif role.code == "partner" and person.department_id != department.pk:
        found["department"] = _("This person does not belong to that partner.")
    elif role.code != "partner" and (person.is_partner or is_partners):
        found["role"] = _("People of a partner hold the role of a partner and no other.")
    elif role.code in OF_A_DEPARTMENT and not department:
        found["department"] = _("This role is held for a department: choose one.")
    elif role.code in ROLES and role.code not in OF_A_DEPARTMENT and department:
        found["department"] = _("This role counts for the whole company: leave the department empty.")
    elif department and not department.is_active:
        found["department"] = _("This department is not active.")
    elif person.assignments.filter(role=role, department=department, ended_at=None).exists():
        found["role"] = _("This person holds that role already.")
    return found


def end_problems(assignment: Assignment, *, by: User) -> dict[str, str]:
    """What stands against ending this role."""
    found = _not_yours(by)
    if assignment.ended_at:
        found[""] = _("This role has ended already.")
    elif "people.manage" in assignment.role.abilities and _is_last(assignment.user, besides=assignment):
        found[""] = _last()
    return found


def deactivation_problems(person: User, *, by: User) -> dict[str, str]:
    """What stands against closing this account."""
    found = _not_yours(by)
    if not person.is_active:
        found[""] = _("This account is closed already.")
    elif _is_last(person):
        found[""] = _last()
    elif person == by:
        found[""] = _("Somebody else has to close your account.")
    return found


def _not_yours(by: User) -> dict[str, str]:
    return {} if may_manage(by) else {"": _("Only an administrator manages people.")}


def _username_problems(username: str, others) -> dict[str, str]:
    if not username:
        return {"username": _("Choose a user name.")}
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as refusal:
        return {"username": " ".join(refusal.messages)}
    if others.filter(Q(username__iexact=username) | Q(email__iexact=username)).exists():
        return {"username": _("Somebody else has this user name.")}
    return {}


def _email_problem(email: str, others) -> str:
    try:
        validate_email(email)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    ascii_form = addresses.ascii_address(email)
    if not ascii_form or len(ascii_form) > LONGEST_ADDRESS:
        return _("This is not an address that letters reach.")
    email = ascii_form
    taken = others.filter(Q(email__iexact=email) | Q(username__iexact=email)).exists()
    return _("Somebody else signs in with this address.") if taken else ""


def _department_problem(department: Department | None, person: User | None) -> str:
    """Who moves to a partner or away from one would take along roles that do not belong there."""
    if department and not department.is_active and (person is None or person.department != department):
        return _("This department is not active.")
    if person is None or person.department == department:
        return ""
    becomes_partner = bool(department) and department.kind == Department.Kind.PARTNER
    held = person.assignments.filter(ended_at=None)
    if (becomes_partner or person.is_partner) and (held.exists() or person.is_superuser):
        return _("End the roles of this person before they move to a partner or away from one.")
    return ""


def _is_last(person: User, besides: Assignment | None = None) -> bool:
    """Whether nobody would manage people any more if `person` left (or only gave up the role `besides`)."""
    roles = [role.pk for role in Role.objects.all() if "people.manage" in role.abilities]
    held = Assignment.objects.filter(role__in=roles, department=None, ended_at=None, user__is_active=True)
    held = held.exclude(pk=besides.pk) if besides else held.exclude(user=person)
    supers = User.objects.active().filter(is_superuser=True)
    supers = supers if besides else supers.exclude(pk=person.pk)
    return may_manage(User.objects.get(pk=person.pk)) and not held.exists() and not supers.exists()


def _last() -> str:
    return _("This is the last administrator. Make somebody else an administrator first.")


# --- What is done -------------------------------------------------------------------------------------------


@transaction.atomic
def add_person(details: Details, *, by: User, at: dt.datetime) -> User:
    """Somebody new, without a role and without a password. Raises CannotStaff."""
    _refuse(details_problems(details, by=by))
    person = User(username=details.username, date_joined=at)
    person.set_unusable_password()
    fill(person, details)
    person.save()
    _record("person.added", person, by, at, after=_facts(person))
    return person


@transaction.atomic
def change_person(person: User, details: Details, *, by: User, at: dt.datetime) -> User:
    """The details of somebody, all but the user name. Raises CannotStaff."""
    person = _locked(person)
    _refuse(details_problems(details, by=by, person=person))
    before = _facts(person)
    fill(person, details)
    person.save()
    # An address that was theirs no longer opens the account.
    EmailAddress.objects.filter(user=person).exclude(email__iexact=person.email).delete()
    if before["email"].lower() != person.email.lower():
        SocialAccount.objects.filter(user=person).delete()
    if before != _facts(person):
        _record("person.changed", person, by, at, before=before, after=_facts(person))
    return person


@transaction.atomic
def assign(
    person: User, role: Role, department: Department | None, *, by: User, at: dt.datetime
) -> Assignment:
    """`person` holds `role` from now on, for a department or (None) the whole company. Raises CannotStaff."""
    person = _locked(person)
    _refuse(role_problems(person, role, department, by=by))
    given = Assignment.objects.create(
        user=person, role=role, department=department, granted_at=at, granted_by=by
    )
    _record("person.role_given", person, by, at, role, after=_scope(department))
    return given


@transaction.atomic
def end_assignment(assignment: Assignment, *, by: User, at: dt.datetime) -> Assignment:
    """The role ends; its row stays. Raises CannotStaff."""
    person = _locked(assignment.user)
    assignment = Assignment.objects.select_related("role", "department", "user").get(pk=assignment.pk)
    _refuse(end_problems(assignment, by=by))
    assignment.ended_at = at
    assignment.save(update_fields=["ended_at"])
    _record(
        "person.role_ended", person, by, at, assignment.role, before=_scope(assignment.department), after={}
    )
    return assignment


@transaction.atomic
def deactivate(person: User, *, by: User, at: dt.datetime) -> User:
    """Nobody signs in by this account any more; what the person did stays theirs. Raises CannotStaff."""
    person = _locked(person)
    _refuse(deactivation_problems(person, by=by))
    return _switched(person, False, "person.deactivated", by, at)


@transaction.atomic
def reactivate(person: User, *, by: User, at: dt.datetime) -> User:
    """The account opens again, with the roles that it had. Raises CannotStaff."""
    person = _locked(person)
    _refuse(_not_yours(by))
    return person if person.is_active else _switched(person, True, "person.reactivated", by, at)


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise CannotStaff(problems)


def _locked(person: User) -> User:
    """The row as it is now. Administrators wait for each other: two of them cannot both be the last but one."""
    list(Role.objects.select_for_update().filter(code="administrator"))
    return User.objects.get(pk=person.pk)


def fill(person: User, details: Details) -> None:
    """Put the details on the row; it is not saved."""
    for field, value in vars(details).items():
        if field != "username":
            setattr(person, field, value)
    person.email = addresses.ascii_address(details.email) or ""


def _switched(person: User, is_active: bool, code: str, by: User, at: dt.datetime) -> User:
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    _record(code, person, by, at)
    return person


def _facts(person: User) -> dict:
    home = person.department.code if person.department else ""
    kept = {field: getattr(person, field) for field in ("name", "name_latin", "email", "language")}
    return kept | {"department": home}


def _scope(department: Department | None) -> dict:
    return {"department": department.code} if department else {}


def _record(code, person, by, at, role: Role | None = None, **sides) -> None:
    params = {"person": person.username} | ({"role": role.code} if role else {})
    activity.record(
        code, person, by=by, at=at, params=params, confidentiality=Confidentiality.CONFIDENTIAL, **sides
    )
