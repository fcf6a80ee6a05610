"""Freeze, pre-read and record under hostile hands: every request is answered in words, none with an error of ours."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from meetings import record_signing
from meetings.models import Question, Topic
from metrics import cycles, freezing
from metrics.models import Restatement, Signature
from tests import make
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.test_freezing import OCTOBER

pytestmark = pytest.mark.django_db
FREEZE, PREREAD, VERIFY = "/reviews/2026-10/freeze/", "/reviews/2026-10/pre-read/", "/records/verify/"
RECORD = "/reviews/2026-10/record.html"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def review(people, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()
    found = make.review()
    cycles.pin(found)
    figures(OCTOBER, zero=["SAL_DISC", "SAL_REF"])
    make.checked(found)
    return found


SIGNING = [
    ("a stranger to both sides", "ceo", "FIN", None),
    ("the other side's head", "finance", "TEC", None),
    ("a side that is none", "finance", "X" * 5_000, None),
    ("no side", "finance", "", None),
    ("a fingerprint of other figures", "finance", "FIN", "0" * 64),
    ("no fingerprint", "finance", "FIN", ""),
    ("a fingerprint that is none", "finance", "FIN", "\0" + "é" * 10_000),
]


@pytest.mark.parametrize(
    ("who", "side", "seen"), [one[1:] for one in SIGNING], ids=[one[0] for one in SIGNING]
)
def test_what_is_no_signature_is_refused_and_nothing_is_signed(people, signed_in, review, who, side, seen):
    seen = freezing.standing(review).fingerprint if seen is None else seen
    answer = signed_in(people[who]).post(f"{FREEZE}sign", {"side": side, "fingerprint": seen})
    assert (answer.status_code, Signature.objects.count()) == (422, 0)
    assert "This was not done." in answer.content.decode()


def test_signing_twice_and_for_both_sides_is_refused(people, signed_in, review):
    seen = freezing.standing(review).fingerprint
    client = signed_in(people["finance"])
    statuses = [
        client.post(f"{FREEZE}sign", {"side": side, "fingerprint": seen}).status_code
        for side in ("FIN", "FIN", "TEC")
    ]
    assert (statuses, Signature.objects.count()) == ([302, 422, 422], 1)


@pytest.mark.parametrize(
    "more", ["freeze/", "freeze/sign", "freeze/restate", "pre-read/", "pre-read/ask", "record.html"]
)
@pytest.mark.parametrize("code", ["1999-01", "%00", "2026-10'--", "x" * 300])
def test_a_review_that_does_not_exist_is_not_found(people, signed_in, review, code, more):
    client = signed_in(people["steward"])
    call = client.get if more in ("freeze/", "pre-read/", "record.html") else client.post
    assert call(f"/reviews/{code}/{more}").status_code == 404


@pytest.mark.parametrize(
    ("who", "reason"),
    [("steward", ""), ("steward", " \n\t "), ("steward", "x" * 20_000), ("ceo", "I say so")],
)
def test_a_restatement_needs_a_data_owner_and_a_reason(people, signed_in, review, who, reason):
    make.freeze(review, people)
    answer = signed_in(people[who]).post(f"{FREEZE}restate", {"reason": reason})
    assert (answer.status_code, Restatement.objects.count()) == (422, 0)


def test_a_partner_signs_nothing_and_sees_no_certificate(people, signed_in, review):
    client = signed_in(people["logistics"])
    for more in ("", "sign", "restate"):
        call = client.post if more else client.get
        assert call(f"{FREEZE}{more}").status_code == 404


QUESTIONS = [
    ("twenty kilobytes", {"text": "why " * 5_000}, 422),
    ("nothing", {"text": "  "}, 422),
    ("a figure of another section", {"text": "Why?", "metric": "FIN_NP"}, 422),
    ("a figure that is none", {"text": "Why?", "metric": "\0" * 50}, 422),
    ("a section that is none", {"text": "Why?", "section": "x" * 3_000}, 404),
    ("no section", {"text": "Why?", "section": ""}, 404),
]


@pytest.mark.parametrize(
    ("form", "status"), [one[1:] for one in QUESTIONS], ids=[one[0] for one in QUESTIONS]
)
def test_what_is_no_question_is_not_kept(people, signed_in, review, form, status):
    make.freeze(review, people)
    answer = signed_in(people["ceo"]).post(f"{PREREAD}ask", {"section": "sales"} | form)
    assert (answer.status_code, Question.objects.count(), Topic.objects.count()) == (status, 0, 0)


def test_a_script_in_a_question_is_text_wherever_it_stands(people, signed_in, review):
    make.freeze(review, people)
    client = signed_in(people["ceo"])
    assert client.post(f"{PREREAD}ask", {"section": "sales", "text": SCRIPT}).status_code == 302
    row = Question.objects.get()
    signed_in(people["sales"]).post(f"{PREREAD}{row.pk}/answer", {"text": SCRIPT})
    for page in (PREREAD, RECORD, "/reviews/2026-10/"):
        found = client.get(page).content.decode()
        assert SCRIPT not in found, page
    record = client.get(RECORD).content
    assert b"&lt;script&gt;" in record and record_signing.verdict(record).is_valid


def tampered(record: bytes) -> dict[str, bytes]:
    last = record.rstrip().rfind(b"\n")
    return {
        "a byte changed": record.replace(b"<h1>", b"<h2>", 1),
        "a line added behind": record + b"<p>more</p>\n",
        "a line added before the last": record[:last] + b"\n<p>more</p>" + record[last:],
        "no signature": record[:last],
        "only the signature": record[last + 1 :],
        "two signatures": record + record[last + 1 :],
        "a key of zeros": record[:last]
        + b"\n<!-- reviewhub-record ed25519 key="
        + b"A" * 43
        + b"= signature="
        + b"A" * 86
        + b"== -->\n",
        "nothing": b"\n",
        "no text": bytes(range(256)) * 40,
        "five megabytes": b"<p>x</p>" * 655_360,
    }


def test_a_record_is_what_was_signed_or_the_page_says_why_not(people, signed_in, review):
    make.freeze(review, people)
    client = signed_in(people["ceo"])
    record = client.get(RECORD).content

    def said(content: bytes, key=""):
        answer = client.post(VERIFY, {"file": SimpleUploadedFile("r.html", content), "key": key})
        return answer.status_code, "note--ok" in answer.content.decode()

    assert said(record) == (200, True)
    for name, content in tampered(record).items():
        assert said(content) == (200, False), name
    for key in ("x", "\0", "é" * 60, SCRIPT, "A" * 43 + "="):
        assert said(record, key) == (200, False), key
    assert client.post(VERIFY, {"file": "no file"}).status_code == 422
