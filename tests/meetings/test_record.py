"""The record: one file without script or network, nothing confidential in it, and no byte changed unseen."""

import base64
import json
import re
from decimal import Decimal as D
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import translation
from django.utils.html import escape

from meetings import record_proof, record_signing
from metrics import boards, freezing, svg_lines
from metrics.models import Metric, Snapshot
from reviewhub.people.models import Confidentiality
from tests import make
from tests.meetings.test_preread import review  # noqa: F401 - a review with figures, a sentence and an analysis
from tests.metrics.figures import figures
from tests.metrics.test_freezing import MENDED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def taken(people, signed_in, review):  # noqa: F811
    make.freeze(review, people)
    answer = signed_in(people["ceo"]).get(f"/reviews/{review.code}/record.html")
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment; filename=")
    return answer.content


def test_it_holds_figures_words_definitions_and_the_fingerprint(people, taken, review):  # noqa: F811
    text, snapshot = taken.decode(), review.snapshots.get()
    for said in (
        "100.10",
        "SAL_NET v1",
        "Booked twice by the bank",
        "Germany grew.",
        snapshot.fingerprint,
        "<svg",
    ):
        assert said in text, said


def test_it_needs_neither_script_nor_network(taken):
    text = taken.decode()
    assert "<script" not in text and "src=" not in text and "url(" not in text
    links = re.findall(r'href="([^"]*)"', text)
    assert links and all(one.startswith("#") and f'id="{one[1:]}"' in text for one in links)
    assert "default-src 'none'" in text and "<style>" in text


@pytest.mark.parametrize(
    ("language", "named"), [("en", "Board: Executive deck"), ("zh-hans", "看板：高管看板")]
)
def test_it_holds_every_block_of_every_board_with_its_table_in_both_languages(
    people,
    signed_in,
    review,  # noqa: F811
    language,
    named,
):
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    make.freeze(review, people)
    people["ceo"].language = language
    people["ceo"].save()
    client = signed_in(people["ceo"])
    text = client.get(f"/reviews/{review.code}/record.html").content.decode()
    assert named in text and f'lang="{language}"' in text
    for board in boards.open_boards(people["ceo"]):
        page = client.get(f"/boards/{board.code}/", {"month": "2026-10"}).context["page"]
        kept = [one for one in page.numbered.values() if one.spec.metric]
        part = text.split(f'<h2 id="board-{board.code}">')[1].split("<h2 ")[0] if kept else ""
        assert part.count("<article>") == len(kept), board.code
        for one, article in zip(kept, part.split("<article>")[1:], strict=True):
            assert f"<h4>{one.number} {escape(one.block.short)}</h4>" in article
            cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", article.partition("<tbody>")[2])
            assert cells == [str(escape(cell.text)) for row in one.block.rows for cell in row], one.spec.code
    assert text.count("SAL_NET v1") or text.count("SAL_NET：净销售额，定义第 1 版")


def test_confidential_figures_are_left_out_whoever_takes_it(people, signed_in, review):  # noqa: F811
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    make.freeze(review, people)
    text = signed_in(people["ceo"]).get(f"/reviews/{review.code}/record.html").content.decode()
    assert "SAL_NET" not in text and ">Net sales<" not in text and "SAL_ORD v1" in text


def test_partners_take_none_along_and_there_is_none_before_the_freeze(people, signed_in, review):  # noqa: F811
    url = f"/reviews/{review.code}/record.html"
    assert signed_in(people["ceo"]).get(url).status_code == 404
    make.freeze(review, people)
    assert signed_in(people["logistics"]).get(url).status_code == 404


def changed(content: bytes) -> bytes:
    return content.replace(b"100.10", b"900.10", 1)


@pytest.mark.parametrize(
    ("turn", "status"),
    [
        (lambda content: content, "valid"),
        (changed, "changed"),
        (lambda content: content.replace(b"\n", b"\r\n", 1), "changed"),
        (lambda content: content[: content.rindex(b"<!-- reviewhub")], "unsigned"),
        (lambda content: content + b" ", "unsigned"),
        (lambda content: b"", "unsigned"),
    ],
)
def test_a_byte_more_or_less_is_seen(taken, turn, status):
    assert record_signing.verdict(turn(taken)).status == status


def test_the_key_of_somebody_else_proves_nothing_here(taken, tmp_path):
    key = record_signing.public_key()
    (tmp_path / record_signing.KEY_NAME).unlink()
    assert record_signing.verdict(taken).status == "other"
    assert record_signing.verdict(taken, key=key).is_valid
    assert record_signing.verdict(changed(taken), key=key).status == "changed"
    assert record_signing.verdict(taken, key="nonsense").status == "other"


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    first = record_signing.public_key()
    assert record_signing.public_key() == first and len(base64.b64decode(first)) == 32
    assert (tmp_path / record_signing.KEY_NAME).stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [record_signing.KEY_NAME]


def test_the_command_says_true_or_false_and_why(taken, tmp_path):
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_bytes(taken)
    bad.write_bytes(changed(taken))
    out = StringIO()
    call_command("verify-record", str(good), "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["valid"] is True and (said["review"], said["snapshot"]) == ("2026-10", "stands")
    assert said["fingerprint"] == Snapshot.objects.get().fingerprint and said["fingerprint"] in said["why"]
    for path, status, said in (
        (bad, 1, "changed after it was signed"),
        (tmp_path / "none", 2, "No such file"),
    ):
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify-record", str(path), "--json", "--language=en", stdout=out)
        assert ended.value.code == status
        assert said in json.loads(out.getvalue())["why"] and not json.loads(out.getvalue())["valid"]


def test_a_record_of_restated_figures_says_so_and_one_of_elsewhere_is_not_known(people, taken, review):  # noqa: F811
    assert record_proof.of(taken).snapshot == "stands"
    freezing.restate(review, "A refund was booked twice", by=people["steward"], at=make.AT)
    figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])
    make.freeze(review, people)
    found = record_proof.of(taken)
    assert (found.is_valid, found.snapshot) == (True, "restated")
    other = record_signing.signed(
        taken.replace(review.snapshots.get(number=1).fingerprint.encode(), b"0" * 64)
    )
    assert record_proof.of(other).snapshot == "unknown"
    assert record_proof.of(changed(taken)).snapshot == ""


def test_the_page_says_it_too_and_keeps_nothing(people, signed_in, taken):
    client = signed_in(people["sales"])
    for content, said in ((taken, "True: every byte"), (changed(taken), "False: the file was changed")):
        answer = client.post("/records/verify/", {"file": SimpleUploadedFile("record.html", content)})
        assert answer.status_code == 200 and said in answer.content.decode()
    assert client.post("/records/verify/").status_code == 422


def test_a_line_keeps_its_gaps_and_escapes_its_words():
    labels = ["2026-08", "2026-09", "2026-10"]
    drawn = svg_lines.line("A < B", labels, [D(1), None, D(3)], [D(1), D(2), D(3)], last="3 & up")
    tree = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert tree.find(f"{space}title").text == "A < B"
    assert [len(one.get("points").split()) for one in tree.iter(f"{space}polyline")] == [3]
    assert [one.text for one in tree.iter(f"{space}text")][1] == "3 & up"
    assert svg_lines.line("Nothing", labels, [None] * 3, [None] * 3, last="–") == ""
