"""What a run of a source shows besides that it answered: rows, figures, time, certificate. Servers and TLS are real."""

import datetime as dt
import ssl
import threading
from http.server import ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from metrics import feed_checks, feed_kinds
from metrics.models import Feed, FeedRun, Submission
from metrics.models.feed import WARNED
from reviewhub.notices import kinds
from reviewhub.notices.channels import guard
from reviewhub.notices.models import Occurrence
from tests.metrics.feeds import given
from tests.metrics.feeds.given import AT
from tests.metrics.feeds.test_address import Shop, entered, shop
from tests.metrics.uploads import csv

pytestmark = pytest.mark.django_db
__all__ = ["shop"]
HOUR = dt.timedelta(hours=1)


# --- Pure -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "before", "code"),
    [
        (99, [200, 210, 190], "FEWER_ROWS"),
        (100, [200, 210, 190], ""),
        (400, [200, 210, 190], ""),
        (401, [200, 210, 190], "MORE_ROWS"),
        (0, [200, 200], ""),  # two runs say nothing of what is usual
        (0, [200, 1, 200], "FEWER_ROWS"),  # one bad day moves no median
    ],
)
def test_rows_are_held_against_the_median_of_the_runs_before(rows, before, code):
    assert [one["code"] for one in feed_checks.counted(rows, before)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("took", "before", "is_slow"),
    [
        (3_001, [1_000] * 3, True),
        (3_000, [1_000] * 3, False),
        (1_999, [10] * 3, False),
        (9_000, [1] * 2, False),
    ],
)
def test_an_answer_is_slow_after_three_times_the_usual_and_two_seconds(took, before, is_slow):
    assert bool(feed_checks.slow(took, before)) is is_slow


@pytest.mark.parametrize(
    ("now", "usual", "is_jump"),
    [
        ("301", "100", True),
        ("300", "100", False),
        ("33", "100", True),
        ("-90", "100", True),
        ("5", "0", False),
    ],
)
def test_a_figure_jumps_at_three_times_a_third_or_the_other_sign(now, usual, is_jump):
    from decimal import Decimal  # noqa: PLC0415

    assert feed_checks.is_jump(Decimal(now), Decimal(usual)) is is_jump


# --- Runs -----------------------------------------------------------------------------------------------------


def brought(feed, rows, days):
    """An earlier run that brought so many rows."""
    when = AT - dt.timedelta(days=days)
    return FeedRun.objects.create(
        feed=feed, reason="schedule", started_at=when, finished_at=when, state="done", rows=rows, took_ms=5
    )


def test_far_fewer_rows_are_told_once_and_are_over_when_the_next_run_brings_the_usual(people, shop):
    feed = entered(people, shop)
    for days in (1, 2, 3):
        brought(feed, 1_000, days)
    given.pulled(feed)
    rows = FeedRun.objects.latest("started_at").rows
    assert [one["code"] for one in feed.warnings] == ["FEWER_ROWS"]
    assert feed.warnings[0]["params"] == {"rows": rows, "usual": 1000}
    assert Occurrence.objects.filter(kind=WARNED).count() == 1
    # Nothing new: what it brought is still odd, and nobody hears it twice.
    given.pulled(feed, AT + HOUR)
    assert [one["code"] for one in feed.warnings] == ["FEWER_ROWS"]
    assert Occurrence.objects.filter(kind=WARNED).count() == 1
    FeedRun.objects.filter(rows=1_000).update(rows=rows)
    shop.content = csv() + b"\n"
    given.pulled(feed, AT + 2 * HOUR)
    assert feed.warnings == []
    row = Occurrence.objects.get(kind=WARNED)
    assert kinds.find(WARNED).recheck(row, people["sales"], AT) == "over"
    people_told = {one.username for one in feed_kinds.who_mend_feed(feed.pk)}
    assert people_told == {"sales", "tech"}


def test_a_figure_that_jumps_is_named(people, shop):
    feed = entered(people, shop)
    given.pulled(feed)
    now = Submission.objects.get()
    code, total = next((code, total) for code, total in now.totals.items() if float(total))
    for back, factor in ((1, "10"), (2, "10"), (3, "10")):
        day = now.period_start.replace(month=12 - back)
        end = day.replace(month=13 - back) if back else now.period_end
        Submission.objects.create(
            department=now.department,
            profile=now.profile,
            period_start=day,
            period_end=end,
            number=1,
            state="draft",
            totals={code: str(float(total) * float(factor))},
            uploaded_at=AT,
        )
    assert feed_checks.jumped(now) == [code]
    [found] = feed_checks.jumps(FeedRun.objects.get())
    assert found == {"code": "JUMP", "params": {"metrics": code}}


def test_every_run_says_how_long_the_answer_took(people, shop):
    feed = entered(people, shop)
    assert given.pulled(feed).took_ms >= 0
    shop.answer = lambda handler: handler.send_error(503)
    failed = given.pulled(feed, AT + HOUR)
    assert failed.state == "failed" and failed.took_ms is not None and failed.warnings == []


# --- Certificates ---------------------------------------------------------------------------------------------


def certificate(folder, until: dt.datetime):
    """A key and a certificate of 127.0.0.1 that signs itself and holds until then."""
    import ipaddress  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(until - dt.timedelta(days=400))
        .not_valid_after(until)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place, secret = folder / "cert.pem", folder / "key.pem"
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return place, secret


@pytest.fixture
def secure(settings, tmp_path, monkeypatch):
    """A real HTTPS server; `secure(until)` gives it a certificate of that last moment, trusted by us."""
    settings.WEBHOOK_LOOPBACK = True
    servers = []

    def start(until):
        place, secret = certificate(tmp_path, until)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
        server.asked, server.answer, server.content = [], None, csv()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(place, secret)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(guard, "tls", lambda: ssl.create_default_context(cafile=str(place)))
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def source(people, server) -> Feed:
    url = f"https://127.0.0.1:{server.server_port}/exports/december.csv"
    return given.entered(people, "address", {"url": url})


def test_a_certificate_that_ends_is_told_three_weeks_before(people, secure):
    until = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=90)
    feed = source(people, secure(until))
    given.pulled(feed)
    assert feed.certificate_until == until.date()
    # Judged on the day of the run, which in these tests is long before.
    run = FeedRun.objects.get()
    for days, told in ((21, []), (20, ["CERTIFICATE"])):
        found = feed_checks.warnings(feed, run, on=until.date() - dt.timedelta(days=days))
        assert [one["code"] for one in found] == told, days
    assert found[0]["params"] == {"days": 20, "day": until.date().isoformat()}


def test_an_expired_certificate_is_a_source_that_is_away(people, secure):
    server = secure(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    run = given.pulled(source(people, server))
    assert run.state == "failed" and run.problem["code"] == "ADDRESS_AWAY"
    assert "expired" in run.problem["params"]["why"]


# --- The page -------------------------------------------------------------------------------------------------


def test_the_page_shows_the_runs_as_a_strip_with_what_was_unusual_in_both_languages(people, shop, signed_in):
    feed = entered(people, shop)
    given.pulled(feed)
    FeedRun.objects.update(
        warnings=[{"code": "FEWER_ROWS", "params": {"rows": 71, "usual": 255}}], took_ms=1_250
    )
    Feed.objects.update(
        warnings=[{"code": "FEWER_ROWS", "params": {"rows": 71, "usual": 255}}],
        certificate_until=dt.date(2030, 1, 1),
    )
    for language, said in (("en", "71 rows, usually 255."), ("zh-hans", "71 行，平时 255 行。")):
        people["sales"].language = language
        people["sales"].save()
        page = " ".join(signed_in(people["sales"]).get(f"/sources/{feed.pk}/").content.decode().split())
        assert said in page and 'class="run-warn"' in page and "1.3 s" in page
        listed = signed_in(people["sales"]).get("/sources/").content.decode()
        assert said in listed
