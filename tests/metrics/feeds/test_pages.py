"""The pages of sources: who sees which, who enters and who handles them."""

import pytest

from metrics import feeds
from metrics.models import Feed
from reviewhub.health import waking
from tests import make
from tests.metrics.feeds import given
from tests.metrics.feeds.test_folder import lay

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(tmp_path, settings):
    settings.SOURCES_ROOT = str(tmp_path)
    place = tmp_path / "sales"
    place.mkdir()
    return place


@pytest.fixture
def feed(people, watched):
    return given.entered(people, "folder", {"path": "sales"})


def enter(signed_in, person, language="en"):
    client = signed_in(person)
    client.cookies["reviewhub_language"] = language
    return client


def text(answer) -> str:
    return answer.content.decode()


def details(**fields) -> dict:
    department = make.department("SAL").pk
    same = {
        "name": "Nightly",
        "department": department,
        "covers": "name",
        "every_minutes": "60",
        "path": "sales",
    }
    return same | fields


def test_an_administrator_enters_changes_and_deletes_a_source(people, signed_in, watched):
    client = enter(signed_in, people["admin"])
    assert "No source yet" in text(client.get("/sources/"))
    answer = client.post("/sources/new/folder/", details(owner=people["sales"].pk))
    feed = Feed.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/sources/{feed.pk}/")
    assert (feed.name, feed.config, feed.owner) == ("Nightly", {"path": "sales"}, people["sales"])
    client.post(f"/sources/{feed.pk}/", details(owner=people["ceo"].pk, every_minutes="1440"))
    feed.refresh_from_db()
    assert (feed.every_minutes, feed.owner) == (1440, people["ceo"])
    assert client.post(f"/sources/{feed.pk}/delete").status_code == 302 and not Feed.objects.exists()


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("folder", {"path": "../etc"}, "no place below the folder for sources"),
        ("folder", {"name": ""}, "This field is required"),
        ("query", {"query": "DROP TABLE x", "secret": "ERP", "covers": "last_month"}, "begin with SELECT"),
        ("query", {"query": "SELECT 1", "secret": "", "covers": "last_month"}, "Name the secret"),
        ("query", {"query": "SELECT 1", "secret": "ERP", "covers": "last_month"}, "no secret called ERP"),
        ("address", {"url": "https://evil.example/x", "covers": "last_month"}, "not among the hosts"),
    ],
)
def test_what_does_not_do_is_kept_and_told(people, signed_in, watched, kind, fields, words):
    client = enter(signed_in, people["admin"])
    answer = client.post(f"/sources/new/{kind}/", details(owner=people["sales"].pk) | fields)
    assert answer.status_code == 422 and words in text(answer) and not Feed.objects.exists()


def test_the_department_sees_its_health_asks_it_and_pauses_it(people, signed_in, feed, watched, monkeypatch):
    lay(watched / "orders.csv")
    given.pulled(feed)
    woken = []
    monkeypatch.setattr(waking, "wake", lambda *args: woken.append(args))
    client = enter(signed_in, people["sales"])
    assert "says no period" in text(client.get("/sources/")) and "Failing" in text(client.get("/sources/"))
    page = text(client.get(f"/sources/{feed.pk}/"))
    assert "run by hand" in page and "says no period" in page and '<form class="stack form-wide"' not in page
    assert client.post(f"/sources/{feed.pk}/run").status_code == 302
    assert woken == [("metrics.tasks.pull_source", feed.pk, "pressed", people["sales"].pk)]
    client.post(f"/sources/{feed.pk}/switch", {"do": "pause"})
    assert "Paused" in text(client.get("/sources/"))
    client.post(f"/sources/{feed.pk}/switch", {"do": "resume"})
    feed.refresh_from_db()
    assert feed.paused_at is None


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        # list, page, ask, change, delete, enter
        ("sales", (200, 200, 302, 403, 403, 403)),
        ("steward", (200, 200, 403, 403, 403, 403)),
        ("marketing", (200, 404, 404, 404, 404, 403)),
        ("observer", (404, 404, 404, 404, 404, 403)),
        ("logistics", (200, 404, 404, 404, 404, 404)),
    ],
)
def test_everybody_finds_what_is_theirs(people, signed_in, feed, name, statuses):
    client = enter(signed_in, people[name])
    at = f"/sources/{feed.pk}/"
    found = (
        client.get("/sources/").status_code,
        client.get(at).status_code,
        client.post(f"{at}run").status_code,
        client.post(at, details()).status_code,
        client.post(f"{at}delete").status_code,
        client.get("/sources/new/folder/").status_code,
    )
    assert found == statuses and Feed.objects.exists()


def test_a_kind_that_is_none_is_not_found(people, signed_in):
    assert enter(signed_in, people["admin"]).get("/sources/new/nonsense/").status_code == 404


def test_a_switched_off_source_says_why_in_chinese(people, signed_in, feed, watched):
    for number in range(5):
        lay(watched / f"{number}.csv")
        given.pulled(feed)
    assert "连续失败五次" in text(enter(signed_in, people["sales"], "zh-hans").get(f"/sources/{feed.pk}/"))


def test_the_list_asks_as_little_for_many_as_for_one(people, signed_in, feed, watched, queries):
    client = enter(signed_in, people["admin"])
    few = queries(lambda: client.get("/sources/"))
    for number in range(4):
        (watched.parent / f"more{number}").mkdir()
        given.entered(people, "folder", {"path": f"more{number}"}, name=f"More {number}")
    assert queries(lambda: client.get("/sources/")) == few


def test_what_fits_no_rule_is_refused_with_its_field(people, watched):
    feed = given.entered(people, "folder", {"path": "sales"})
    (watched.parent / "other").mkdir()
    with pytest.raises(feeds.CannotKeep) as refusal:
        given.entered(
            people, "folder", {"path": "sales"}, every_minutes=1, covers="someday", profile="nonsense"
        )
    assert set(refusal.value.problems) == {"name", "path", "every_minutes", "covers", "profile"}
    with pytest.raises(feeds.CannotKeep) as refusal:
        given.entered(people, "address", {"url": ""}, covers="name", owner=None, department=None, name=" ")
    assert set(refusal.value.problems) == {"name", "url", "covers", "owner", "department"}
    assert list(Feed.objects.all()) == [feed]
