"""People are added, hold roles, get a password and leave; what stands against it is said in words."""

import datetime as dt

import pytest
from django.utils import translation

from reviewhub.people import invitations, staffing
from reviewhub.people.models import Activity, Assignment, Department, Role, User
from reviewhub.people.permissions import ROLES, may
from reviewhub.people.staffing import CannotStaff, Details
from tests import make

pytestmark = pytest.mark.django_db
NEW = {"username": "chen", "name": "陈静", "name_latin": "Chen Jing", "email": "chen@farsail.example"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def role(code):
    return Role.objects.get(code=code)


def details(**fields):
    return Details(**NEW | fields)


def refused(verb, *arguments, **named):
    with pytest.raises(CannotStaff) as refusal:
        verb(*arguments, **named)
    return refusal.value.problems


def test_the_first_account_is_an_administrator_of_the_whole_company(db):
    root = User.objects.create_superuser("root", "root@x.example", "first-account-9")
    assert root.abilities == {ability: {None} for ability in ROLES["administrator"][2]}
    assert may(root, "people.manage") and not may(root, "meeting.run")
    root.is_active = False
    root.save()
    assert User.objects.get(pk=root.pk).abilities == {}


def test_the_first_account_adds_a_facilitator_who_may_then_open_reviews(at):
    root = User.objects.create_superuser("root", "root@x.example", "first-account-9")
    chen = staffing.add_person(details(), by=root, at=at)
    assert not chen.has_usable_password() and chen.abilities == {}
    given = staffing.assign(chen, role("facilitator"), None, by=root, at=at)
    assert (given.granted_at, given.granted_by) == (at, root)
    assert may(User.objects.get(pk=chen.pk), "agenda.edit")


def test_only_administrators_of_the_whole_company_manage_people(people, at):
    for name in ("sales", "ceo", "logistics", "facilitator"):
        assert refused(staffing.add_person, details(), by=people[name], at=at) == {
            "": "Only an administrator manages people."
        }
    assert not User.objects.filter(username="chen").exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "SALES"}, "username"),
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "taken@farsail.example"}, "username"),
        ({"email": "Taken@Farsail.example"}, "email"),
        ({"email": "nowhere"}, "email"),
        ({"name": " ", "name_latin": ""}, "name"),
        ({"language": "fr"}, "language"),
    ],
)
def test_details_that_cannot_be_kept_are_refused_beside_their_field(people, at, fields, field):
    User.objects.filter(username="sales").update(email="taken@farsail.example")
    count = User.objects.count()
    assert list(refused(staffing.add_person, details(**fields), by=people["admin"], at=at)) == [field]
    assert User.objects.count() == count


@pytest.mark.parametrize(
    ("who", "code", "department", "field"),
    [
        ("owner", "lead", None, "department"),
        ("owner", "partner", None, "department"),
        ("owner", "partner", "SAL", "department"),
        ("owner", "partner", "LOG", "department"),
        ("owner", "facilitator", "SAL", "department"),
        ("owner", "lead", "LOG", "role"),
        ("logistics", "executive", None, "role"),
        ("sales", "lead", "SAL", "role"),
    ],
)
def test_a_role_is_given_only_where_it_makes_sense(people, at, who, code, department, field):
    home = make.department(department) if department else None
    problems = refused(staffing.assign, people[who], role(code), home, by=people["admin"], at=at)
    assert list(problems) == [field]


def test_a_person_may_lead_two_departments(people, at):
    staffing.assign(people["sales"], role("lead"), make.department("MKT"), by=people["admin"], at=at)
    sales = User.objects.get(username="sales")
    assert sales.abilities["submission.hand_in"] == {make.department("SAL").pk, make.department("MKT").pk}


def test_a_role_ends_and_its_row_stays(people, at):
    held = people["scribe"].assignments.get()
    staffing.end_assignment(held, by=people["admin"], at=at)
    assert Assignment.objects.get(pk=held.pk).ended_at == at
    assert not may(User.objects.get(username="scribe"), "meeting.capture")
    again = staffing.assign(people["scribe"], role("scribe"), None, by=people["admin"], at=at)
    assert again.pk != held.pk
    assert list(refused(staffing.end_assignment, held, by=people["admin"], at=at)) == [""]


def test_nobody_ends_the_last_administrator(people, at):
    admin = people["admin"]
    last = {"": "This is the last administrator. Make somebody else an administrator first."}
    assert refused(staffing.end_assignment, admin.assignments.get(), by=admin, at=at) == last
    assert refused(staffing.deactivate, admin, by=admin, at=at) == last
    staffing.assign(people["hr"], role("administrator"), None, by=admin, at=at)
    staffing.end_assignment(admin.assignments.get(), by=User.objects.get(username="hr"), at=at)
    assert not staffing.may_manage(User.objects.get(username="admin"))


def test_an_administrator_whose_account_is_closed_does_not_count(people, at):
    other = make.user("administrator")
    staffing.deactivate(other, by=people["admin"], at=at)
    assert refused(staffing.deactivate, people["admin"], by=people["admin"], at=at)


def test_nobody_closes_their_own_account(people, at):
    make.user("administrator")
    problems = refused(staffing.deactivate, people["admin"], by=people["admin"], at=at)
    assert problems == {"": "Somebody else has to close your account."}


def test_a_closed_account_opens_again_with_its_roles(people, at):
    staffing.deactivate(people["sales"], by=people["admin"], at=at)
    gone = User.objects.get(username="sales")
    assert gone.abilities == {} and not gone.is_active
    assert list(refused(staffing.assign, gone, role("owner"), None, by=people["admin"], at=at)) == [""]
    staffing.reactivate(gone, by=people["admin"], at=at)
    assert may(User.objects.get(username="sales"), "submission.hand_in", make.department("SAL"))


def test_nobody_becomes_a_partner_with_the_roles_of_a_colleague(people, at):
    moved = Details(username="sales", name_latin="Wang Jun", department=make.department("LOG"))
    problems = refused(staffing.change_person, people["sales"], moved, by=people["admin"], at=at)
    assert list(problems) == ["department"]
    staffing.end_assignment(people["sales"].assignments.get(), by=people["admin"], at=at)
    staffing.change_person(people["sales"], moved, by=people["admin"], at=at)
    given = staffing.assign(
        people["sales"], role("partner"), make.department("LOG"), by=people["admin"], at=at
    )
    assert given.department.kind == Department.Kind.PARTNER


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Chen\r\nBcc: x@y.example"),
        ("name_latin", "Chen\u202ejpg"),
        ("email", "a@b"),
        ("email", '"a b"@c'),
        ("email", "x@localhost"),
        ("email", "chen@farsail.example."),
        ("email", "chen@farsail.example\r\nBcc: x@y.example"),
        ("email", "é@farsail.example"),
        ("email", "c" * 300 + "@farsail.example"),
    ],
)
def test_what_would_break_the_head_of_a_letter_is_refused(people, at, field, value):
    """B116, B117."""
    refused_fields = refused(staffing.add_person, details(**{field: value}), by=people["admin"], at=at)
    assert list(refused_fields) == [field]


def test_an_international_domain_is_kept_as_mail_servers_write_it(people, at):
    given = staffing.add_person(details(email="chen@Bücher.example"), by=people["admin"], at=at)
    assert given.email == "chen@xn--bcher-kva.example"
    with_it = details(username="other", email="CHEN@bücher.example")
    assert list(refused(staffing.add_person, with_it, by=people["admin"], at=at)) == ["email"]


def test_what_was_done_is_in_the_log_and_no_secret_is(people, at):
    admin = people["admin"]
    chen = staffing.add_person(details(department=make.department("FIN")), by=admin, at=at)
    given = staffing.assign(chen, role("lead"), make.department("FIN"), by=admin, at=at)
    made = invitations.invite(chen, by=admin, at=at + dt.timedelta(minutes=1))
    staffing.end_assignment(given, by=admin, at=at + dt.timedelta(minutes=2))
    staffing.deactivate(chen, by=admin, at=at + dt.timedelta(minutes=3))
    rows = Activity.objects.filter(code__startswith="person.").order_by("id")
    assert [row.code.removeprefix("person.") for row in rows] == [
        *("added", "role_given", "invited", "role_ended", "deactivated")
    ]
    assert rows[0].after["department"] == "FIN" and rows[1].params == {"person": "chen", "role": "lead"}
    assert made.token not in str(list(rows.values()))
    assert not Activity.objects.visible_to(people["finance"]).filter(code__startswith="person.").exists()
