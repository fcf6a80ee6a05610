"""Every person may press other keys, or no single keys at all; what is wrong is said beside its field."""

import json

import pytest
from django.utils import translation

from reviewhub.people import keys


def test_what_differs_is_kept_and_nothing_else():
    wanted = {("meeting", "n"): "X", ("meeting", "b"): "", ("pages", "j"): "ｎ", ("pages", "k"): "K"}
    assert keys.chosen(wanted) == {"meeting": {"n": "x"}, "pages": {"j": "n"}}
    assert keys.chosen({}, off=True) == {"off": True} and keys.chosen({}) == {}
    assert keys.pressed({"meeting": {"n": "x"}}, "meeting")["n"] == "x"


def test_two_commands_of_one_screen_may_change_places():
    wanted = {("meeting", "n"): "b", ("meeting", "b"): "n"}
    assert keys.chosen(wanted) == {"meeting": {"n": "b", "b": "n"}}


@pytest.mark.parametrize("typed", ["1", "xx", "ß", "é", " ?", "中", "Ω"])
def test_what_no_keyboard_has_for_everybody_is_refused(typed):
    with pytest.raises(keys.CannotChoose) as refusal:
        keys.chosen({("meeting", "n"): typed})
    assert list(refusal.value.problems) == [("meeting", "n")]


def test_a_key_of_two_commands_is_refused_at_both():
    with translation.override("en"), pytest.raises(keys.CannotChoose) as refusal:
        keys.chosen({("meeting", "n"): "b"})
    assert list(refusal.value.problems) == [("meeting", "n"), ("meeting", "b")]
    assert "Back to the part before" in refusal.value.problems["meeting", "n"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "wrong"), [("en", "is already the key of"), ("zh-hans", "已用于")])
def test_the_page_keeps_what_was_typed_and_pages_carry_the_keys(people, signed_in, language, wrong):
    person = people["logistics"]
    person.language = language
    person.save()
    client = signed_in(person)
    answer = client.post("/profile/keys/", {"meeting-n": "b", "pages-47": "s"})
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count('aria-invalid="true"') == 2 and wrong in page
    assert 'name="meeting-n" value="b"' in page and 'name="pages-47" value="s"' in page
    person.refresh_from_db()
    assert person.keys == {} and "data-own-keys" not in page
    assert client.post("/profile/keys/", {"meeting-n": "x", "pages-47": "s", "off": "on"}).status_code == 302
    person.refresh_from_db()
    assert person.keys == {"off": True, "meeting": {"n": "x"}, "pages": {"/": "s"}}
    page = client.get("/profile/keys/").content.decode()
    assert 'name="meeting-n" value="X"' in page and 'name="off" checked' in page
    carried = page.split('data-own-keys="')[1].split('"')[0].replace("&quot;", '"')
    assert json.loads(carried) == person.keys
    client.post("/profile/keys/", {"defaults": "1", "meeting-n": "z"})
    person.refresh_from_db()
    assert person.keys == {}
