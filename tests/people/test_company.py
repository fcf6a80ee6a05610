"""The company's name and time zone are kept by administrators; a new installation has neither."""

import pytest
from allauth.mfa.models import Authenticator

from reviewhub.people import settling
from reviewhub.people.models import Activity, Company, User

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "远帆",
    "name_en": "Farsail",
    "time_zone": "Europe/Berlin",
    "second_factor": "everybody",
    "colours": "B",
}


@pytest.fixture
def root(db):
    """The first account, with the second factor that it has to have while nobody has said otherwise."""
    found = User.objects.create_superuser("root", "root@x.example", "first-account-9", language="en")
    Authenticator.objects.create(user=found, type=Authenticator.Type.TOTP, data={})
    return found


def test_a_new_installation_gets_its_company_on_the_page(root, signed_in):
    client = signed_in(root)
    assert 'value="Asia/Shanghai"' in client.get("/company/").content.decode()
    assert client.post("/company/", GIVEN).status_code == 302
    kept = Company.objects.get()
    assert {field: getattr(kept, field) for field in GIVEN} == GIVEN and (kept.pk, kept.is_demo) == (1, False)
    assert Activity.objects.get(code="company.changed").after == GIVEN


def test_saving_it_unchanged_is_no_activity(root, at):
    for _twice in range(2):
        settling.settle(**GIVEN, by=root, at=at)
    assert Activity.objects.filter(code="company.changed").count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"time_zone": "Mars/Base"}, "Mars/Base"),
        ({"name": "", "name_en": ""}, "Write the name"),
        ({"second_factor": "x"}, "x is not"),
        ({"colours": "E"}, "E is not"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field(root, signed_in, fields, words):
    answer = signed_in(root).post("/company/", GIVEN | fields)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Company.objects.exists()


def test_others_cannot_change_it(people, signed_in):
    assert signed_in(people["ceo"]).post("/company/", GIVEN).status_code == 403
    assert signed_in(people["logistics"]).get("/company/").status_code == 404
    assert Company.objects.get().time_zone == "Asia/Shanghai"


def test_who_opens_a_review_before_there_is_a_company_is_told_so(people, signed_in):
    Company.objects.all().delete()
    User.objects.update(language="en")
    page = signed_in(people["facilitator"]).get("/reviews/new/").content.decode()
    assert "Until an administrator does, times here are in UTC." in page
