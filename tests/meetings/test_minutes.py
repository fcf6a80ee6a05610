"""Minutes: from the log, completed by hand, published for good, and to each reader no more than theirs."""

import hashlib
import io
import json

import docx
import pytest
from django.core.management import call_command
from django.utils import translation

from meetings import minutes, minutes_copy, minutes_files, minutes_words, running
from meetings.models import Capture, MinutesVersion, Segment
from meetings.problems import Refused
from reviewhub.people.models import Confidentiality, Department

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


def said(room, text, **who) -> Capture:
    return Capture.objects.get(pk=room.capture(text, **who).event.payload["capture"])


@pytest.fixture
def held(room, people):
    """A meeting that has ended: sales and finance spoke, the partner presented supply chain, a note was private."""
    Segment.objects.filter(meeting=room.meeting, code="SC").update(
        department=Department.objects.get(code="LOG")
    )
    room.at(0).order("start")
    room.at(12).order("goto", part="SAL.R")
    said(room, "/d @sales Raise the price by 3 % *soon*")
    said(room, "/a @sales Launch in Germany #KR2 ^2026-12-05")
    room.order("note.set", text="CANARY-NOTE")
    room.at(20).order("goto", part="SC.D")
    said(room, "/d @logistics JOINT-DECISION")
    secret = said(room, "/d @sales CANARY-MARGIN")
    Capture.objects.filter(pk=secret.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    room.at(30).order("goto", part="FIN.D")
    said(room, "/d @finance HOUSE-ONLY")
    said(room, "/p New ERP")
    room.order("tangent", by="sales")
    room.at(40).order("end")
    room.at(41).order("end")
    room.row()
    return room


def publish(room, people, **given):
    return minutes.publish(room.meeting, by=people["facilitator"], at=room.now, **given)


def test_the_document_holds_items_times_and_lines_and_nothing_private(held):
    found = minutes.document(held.meeting)
    by_code = {one["code"]: one for one in found["items"]}
    assert [line["text"] for line in by_code["SAL"]["lines"]] == [
        "Raise the price by 3 % *soon*",
        "Launch in Germany",
    ]
    assert (by_code["OPEN"]["planned_s"], by_code["OPEN"]["used_s"]) == (600, 720)
    assert (
        by_code["SAL"]["lines"][1]["due_on"] == "2026-12-05" and by_code["SAL"]["lines"][1]["result"] == "KR2"
    )
    assert by_code["FIN"]["is_private"] and by_code["SC"]["department"] == "LOG"
    text = json.dumps(found)
    assert "CANARY" not in text and "tangent" not in text


def test_a_version_stays_has_a_number_and_its_fingerprint(held, people):
    row = publish(held, people)
    assert (row.number, row.fingerprint) == (1, hashlib.sha256(row.content.encode()).hexdigest())
    assert held.row().state == "published"
    assert held.meeting.events.last().type == "minutes.published"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(Refused) as refused:
        publish(held, people, reason="Again")
    assert refused.value.problem.code == "nothing_changed"


def test_what_was_completed_by_hand_makes_a_new_version_with_a_reason(held, people):
    first = publish(held, people)
    minutes.write(held.meeting, "SUMMARY", "Two decisions.\n\nOne task.", by=people["scribe"], at=held.now)
    minutes.write(held.meeting, "SAL", "Germany grows.", by=people["facilitator"], at=held.now)
    assert minutes.content(first)["summary"] == ""
    with pytest.raises(Refused) as refused:
        publish(held, people)
    assert refused.value.problem.code == "say_why_again"
    second = publish(held, people, reason="The summary was missing")
    assert (second.number, second.reason, minutes.content(second)["summary"]) == (
        2,
        "The summary was missing",
        "Two decisions.\nOne task.",
    )
    assert minutes.stands(MinutesVersion.objects.get(pk=first.pk))


@pytest.mark.parametrize("who", ["sales", "ceo", "logistics"])
def test_only_facilitator_and_scribe_complete_and_only_the_facilitator_publishes(held, people, who):
    with pytest.raises(running.NotAllowed):
        minutes.write(held.meeting, "SAL", "x", by=people[who], at=held.now)
    with pytest.raises(Refused):
        minutes.publish(held.meeting, by=people[who], at=held.now)
    with pytest.raises(Refused):
        minutes.publish(held.meeting, by=people["scribe"], at=held.now)


def test_before_the_end_there_are_no_minutes(room, people, signed_in):
    with pytest.raises(Refused) as refused:
        minutes.publish(room.meeting, by=people["facilitator"], at=room.now)
    assert refused.value.problem.code == "not_over_yet"
    assert signed_in(people["facilitator"]).get(f"/meetings/{room.meeting.pk}/minutes/").status_code == 404


def taken(room, client) -> bytes:
    """Page and every file of version 1, as one reader is given them."""
    url = f"/meetings/{room.meeting.pk}/minutes/"
    answers = [client.get(url), *(client.get(f"{url}1/{kind}") for kind in ("md", "ics", "docx"))]
    assert [one.status_code for one in answers] == [200] * 4
    word = docx.Document(io.BytesIO(answers[3].content))
    sheet = word.sections[0]
    assert (round(sheet.page_width.mm), round(sheet.page_height.mm)) == (210, 297)
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    words = "\n".join([*cells, *(one.text for one in word.paragraphs)])
    return b"".join(one.content for one in answers) + words.encode()


def test_a_partner_is_given_its_own_items_and_not_a_byte_more(held, people, signed_in):
    minutes.write(held.meeting, "SUMMARY", "CANARY-SUMMARY", by=people["scribe"], at=held.now)
    minutes.write(held.meeting, "SAL", "CANARY-SALES", by=people["scribe"], at=held.now)
    minutes.write(held.meeting, "SC", "Pallets were counted.", by=people["scribe"], at=held.now)
    people["facilitator"].name = people["facilitator"].name_latin = "CANARY-NAME"
    people["facilitator"].save()
    publish(held, people)
    sent = taken(held, signed_in(people["logistics"]))
    assert b"JOINT-DECISION" in sent and b"Pallets were counted." in sent
    for canary in (b"CANARY", b"HOUSE-ONLY", b"Raise the price", b"Germany", b"ERP", b"FIN"):
        assert canary not in sent.replace(b"https://", b""), canary
    copy = minutes.copy_for(minutes.content(held.meeting.minutes.get()), people["logistics"])
    assert [one["code"] for one in copy["items"]] == ["SC"] and copy["present"] == []


def test_a_private_item_stays_in_the_house_even_if_it_is_the_partner_s(held, people):
    Segment.objects.filter(meeting=held.meeting, code="FIN").update(
        department=Department.objects.get(code="LOG")
    )
    copy = minutes.copy_for(minutes.document(held.meeting), people["logistics"])
    assert [one["code"] for one in copy["items"]] == ["SC"]


def test_colleagues_are_given_all_but_what_is_confidential(held, people, signed_in):
    publish(held, people)
    sent = taken(held, signed_in(people["owner"]))
    assert b"HOUSE-ONLY" in sent and b"JOINT-DECISION" in sent and b"CANARY" not in sent


def test_before_the_first_version_readers_are_told_so(held, people, signed_in):
    page = signed_in(people["owner"]).get(f"/meetings/{held.meeting.pk}/minutes/", headers=EN).content
    assert b"The minutes are not published yet." in page and b"JOINT" not in page


def test_the_page_completes_publishes_and_shows_what_changed(held, people, signed_in):
    client, url = signed_in(people["facilitator"]), f"/meetings/{held.meeting.pk}/minutes/"
    assert b"Publish version 1" in client.get(url, headers=EN).content
    assert client.post(f"{url}publish").status_code == 302
    asked = {"HX-Request": "true", "HX-Target": "div#minutes"} | EN
    answer = client.post(f"{url}sections/SUMMARY", {"text": "Short and good"}, headers=asked)
    assert answer.status_code == 200 and b"Publish version 2" in answer.content
    refused = client.post(f"{url}publish", {"reason": ""}, headers=EN)
    assert refused.status_code == 422 and b"Say why there is a new version." in refused.content
    long = client.post(f"{url}sections/SUMMARY", {"text": "x" * 4001}, headers=EN)
    assert long.status_code == 422 and b"xxxx" in long.content
    assert client.post(f"{url}publish", {"reason": "Summary added"}).status_code == 302
    page = client.get(f"{url}?version=2", headers=EN).content.decode()
    assert "Summary added" in page and "<ins>Short and good</ins>" in page
    assert "Short and good" not in client.get(f"{url}?version=1", headers=EN).content.decode()
    assert signed_in(people["sales"]).post(f"{url}publish").status_code == 404


def test_who_completes_them_prints_version_and_fingerprint_while_nothing_has_changed(held, people, signed_in):
    publish(held, people)
    client, address = signed_in(people["facilitator"]), f"/meetings/{held.meeting.pk}/minutes/"
    foot = (
        client.get(address, headers=EN).content.decode().split('class="minutes-foot')[1].split("</footer>")[0]
    )
    copy = minutes.copy_for(minutes.content(held.meeting.minutes.get()), people["facilitator"])
    assert "Version 1, published by" in foot and f"SHA-256 {minutes.of_copy(copy)}" in foot
    client.post(f"{address}sections/SUMMARY", {"text": "One more line"})
    assert 'class="minutes-foot' not in client.get(address).content.decode()


def test_markdown_escapes_what_people_typed(held):
    with translation.override("en"):
        blocks = minutes_words.blocks(minutes.document(held.meeting))
        text = minutes_files.markdown(blocks, ["SHA"])
    assert "Raise the price by 3 % \\*soon\\*" in text and text.startswith("# ")
    assert "| Launch in Germany |" in text and "Mon" not in text.split("\n")[0]
    assert "| 10:00 | 12:00 | +02:00 |" in text


def test_minutes_speak_both_languages(held):
    with translation.override("zh-hans"):
        said_zh = minutes_files.markdown(minutes_words.blocks(minutes.document(held.meeting)), [])
    assert "## 决定" in said_zh and "## 计划与实际" in said_zh


def test_dates_go_into_a_calendar(held, people, signed_in):
    publish(held, people)
    file = (
        signed_in(people["owner"])
        .get(f"/meetings/{held.meeting.pk}/minutes/1/ics", headers=EN)
        .content.decode()
    )
    assert "DTSTART;TZID=Asia/Shanghai:20261205T090000" in file and "Due: Launch in Germany" in file


def test_a_command_works_the_fingerprints_out_anew(held, people, capsys):
    row = publish(held, people)
    call_command("verify-minutes", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "valid": True,
        "versions": [{"review": "2026-10", "number": 1, "fingerprint": row.fingerprint, "valid": True}],
    }
    MinutesVersion.objects.filter(pk=row.pk).update(content=row.content.replace("JOINT", "OTHER"))
    with pytest.raises(SystemExit) as left:
        call_command("verify-minutes")
    assert left.value.code == 1 and "CHANGED" in capsys.readouterr().out


def test_changes_are_lines_that_went_and_came():
    assert minutes_copy.changes(["a", "old words", "", "c"], ["a", "c", "d"]) == [
        ("−", "old words"),
        ("+", "d"),
    ]
