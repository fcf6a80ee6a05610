"""Every address of the product, walked from the URLconf: closed to strangers, safe to read, never changed by a GET.

A new address with parameters needs a line in `inner`; a new open address needs one in OPEN. Otherwise these tests fail.
Who gets it stands in docs/access.md (tests/trust).
"""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.http import HttpResponseForbidden
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from actions import budget
from actions.models import Dependency
from meetings import pins, questions
from metrics import notes, point_notes, proposals, saved_views
from metrics.dictionary_rows import cells
from metrics.models import Feed, ImportJob, Metric, Note, Ruling, Slip, SourceFile
from metrics.periods import Period
from metrics.proposal_checks import open_version
from reviewhub.people.models import CacheRow, Company, Confidentiality
from tests import make
from tests.api import caller as tokens
from tests.metrics.figures import dictionary_of_today
from tests.notices import told

pytestmark = pytest.mark.django_db

# What answers without a person behind it, and why.
OPEN = {
    "healthz": "asked by machines",
    "figures": "asked by machines that bear a token; for everybody else it does not exist",
    "language": "the sign-in page has the switch too",
    "demo-enter": "signs in; exists in a demonstration only",
    "style": "the style page; exists in a demonstration only",
    "join": "the link itself is the key",
    "mfa_authenticate": "the second step of signing in",
    "mfa_login_webauthn": "signs in",
    "openid_connect_login": "signs in; exists where a provider is set up",
    "openid_connect_callback": "signs in; exists where a provider is set up",
    "socialaccount_login_cancelled": "says so",
    "socialaccount_login_error": "says so",
    "socialaccount_signup": "leads to the sign-in page: nobody signs up",
    "form-link": "the token in the address is the whole right (T17)",
    "api": "asked by programs that bear a token; a session opens nothing there (tests/api)",
    "calendar-feed": "asked by calendar programs; the address is the secret",
}
# Opened by a token in the address: without the right one there is nothing, with or without the token of a form.
BY_TOKEN = {"form-link", "api"}
# Takes the key of a thing but says nothing about it.
SAYS_NOTHING = {
    "checks": "each reader's own departments, and what may be done there; tests/metrics/checks",
    "checks-run": "asks for the same figures once; tests/metrics/checks",
    "checks-hand": "refused in words; tests/metrics/checks",
    "checks-close": "refused in words; tests/metrics/checks",
    "checks-waive": "refused in words; tests/metrics/checks",
    "checks-waiver-end": "refused in words; tests/metrics/checks",
    "meeting-time": "the clock of the server",
    "mfa_edit_webauthn": "asks for the password first, whether or not there is such a passkey",
    "mfa_remove_webauthn": "asks for the password first, whether or not there is such a passkey",
}
ACCOUNT = "account_"  # signing in, out, and a forgotten password: allauth decides
UNSAFE = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One named address and the parameters that it takes."""

    name: str
    parameters: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.name in OPEN or self.name.startswith(ACCOUNT)


def routes(resolver=None, above=()) -> list[Route]:
    """Every address of the URLconf, whoever included it, with the parameters of what it stands under."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        parameters = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            found += routes(pattern, parameters)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            found.append(Route(pattern.name, parameters))
    return found


def job(people) -> ImportJob:
    source = SourceFile.objects.create(
        sha256="0" * 64,
        name="sales.csv",
        size=3,
        content=ContentFile(b"a\n1", name="x"),
        uploaded_at=make.AT,
        keep_until=make.AT.date() + dt.timedelta(days=30),
    )
    return ImportJob.objects.create(
        department=make.department("SAL"),
        source=source,
        profile="sales-daily",
        period_start=dt.date(2026, 10, 1),
        period_end=dt.date(2026, 11, 1),
        created_at=make.AT,
        created_by=people["sales"],
    )


def proposed(people):
    metric = Metric.objects.get(code="SAL_AOV")
    row = cells(open_version(metric)) | {"formula": "SAL_NET / SAL_ORD"}
    start = dt.date(2027, 1, 1)
    return proposals.propose(metric, row, effective_from=start, reason="Why", by=people["sales"], at=make.AT)


def ruled(review, people) -> Ruling:
    """A question about sales and revenue."""
    return make.ruling(review, people["steward"], decision="asked", answer_by=review.freeze_at)


def asked_of(review, people):
    return questions.ask(review, "sales", "Why?", metric="SAL_NET", by=people["ceo"], at=make.AT)


def note_of(review, people) -> Note:
    entry = notes.Entry("trend", "Small kitchens", "Growing")
    version = notes.save(
        review, make.department("MKT"), "M5", [entry], number=0, by=people["marketing"], at=make.AT
    )
    return version.notes.get()


def pinned(review, people):
    figure = pins.Figure(
        "SAL_AOV", "", Period.parse("2026-10"), "", {"zh": "客单价", "en": "AOV"}, "board", "sales", "sal-aov"
    )
    return pins.pin(review, figure, by=people["sales"], at=make.AT)


@pytest.fixture
def inner(people):
    """One thing of each kind, none of them shared with the logistics partner; route parameter values by route."""
    Company.objects.update(is_demo=True)
    dictionary_of_today()
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    make.department("LOG").shares.all().delete()
    meeting = make.meeting(people)
    meeting.segments.filter(department__kind="partner").update(department=None)
    budget.open_clock(meeting.review, ended_at=make.AT, by=None, at=make.AT)
    action = make.action(owner=people["owner"])
    waits = Dependency.objects.create(
        waiting=action, awaited=make.action(owner=people["owner"]), since=make.AT
    )
    submission = make.submission("SAL", uploaded_by=people["sales"])
    turned = {"ratio": "-1", "factor": "-1"}
    slip = Slip.objects.create(
        submission=submission, code="SIGN", metric="SAL_NET", params=turned, found_at=make.AT
    )
    exemption = make.exemption(meeting.review, people["steward"])
    remark = submission.remarks.create(text="Why?", written_at=make.AT, written_by=people["steward"])
    reading, hook = job(people), told.hook(people["admin"])
    proposal, promotion = proposed(people), make.promotion(people["admin"])
    season = make.peak_season(people["steward"])
    noted = point_notes.write(
        "SAL_AOV", Period.parse("2026-10"), {}, "Holiday week", by=people["sales"], at=make.AT
    )
    token = tokens.made(people["sales"])[0]
    view = saved_views.keep(
        saved_views.Place("board", "sales"), "", "Mine", "everyone", by=people["sales"], at=make.AT
    )
    source = Feed.objects.create(
        name="Export",
        department=make.department("SAL"),
        kind="folder",
        config={"path": "sales"},
        covers="name",
        owner=people["sales"],
        made_at=make.AT,
        made_by=people["admin"],
        next_run_at=make.AT,
    )
    objective, result = make.cascade(people)
    cycle = objective.cycle.code
    return {
        "department": {"slug": "sales"},
        "okr": {"code": cycle, "pk": result.pk},
        "pay": {"code": cycle, "pk": 1, "person": 1, "line": 1, "dispute": 1, "slug": "sales", "verb": "ask"},
        "okr-link-accept": {"code": cycle, "kind": "owns", "pk": 1},
        "okr-link-end": {"code": cycle, "kind": "owns", "pk": 1},
        "alignment": {"code": cycle},
        "okr-offer-take": {"code": cycle, "pk": 1, "kind": "accept"},
        "capture": {"pk": 1},
        "decision": {"pk": 1},
        "okr-objective": {"code": cycle, "pk": objective.pk},
        "okr-objective-edit": {"code": cycle, "pk": objective.pk},
        "okr-objective-drop": {"code": cycle, "pk": objective.pk},
        "metric": {"code": "SAL_AOV"},
        "propose": {"code": "SAL_AOV"},
        "targets": {"code": "SAL_AOV"},
        "watch-metric": {"code": "SAL_AOV"},
        "badge-ask": {"code": "SAL_AOV"},
        "badge-give": {"code": "SAL_AOV"},
        "badge-end": {"code": "SAL_AOV"},
        "notes": {"slug": "marketing", "code": meeting.review.code, "item": "M5"},
        "board-questions": {"code": "deck", "block": "sal-net"},
        "explore-questions": {"code": "SAL_AOV", "block": "trend"},
        "question": {"pk": asked_of(meeting.review, people).pk},
        "question-answer": {"pk": asked_of(meeting.review, people).pk},
        "note-file": {"pk": note_of(meeting.review, people).pk},
        "promotion": {"pk": promotion.pk},
        "proposal-make": {"slug": "sales", "code": meeting.review.code, "digest": "0" * 16, "kind": "task"},
        "proposal-undo": {"slug": "sales", "code": meeting.review.code, "digest": "0" * 16},
        "peak-season": {"pk": season.pk},
        "peak-season-end": {"pk": season.pk},
        "peak-season-remove": {"pk": season.pk},
        "allow-proposal": {"pk": proposal.pk},
        "promotion-remove": {"pk": promotion.pk},
        "proposal": {"pk": proposal.pk},
        "comment-proposal": {"pk": proposal.pk},
        "approve-proposal": {"pk": proposal.pk},
        "reject-proposal": {"pk": proposal.pk},
        "withdraw-proposal": {"pk": proposal.pk},
        "submission": {"pk": submission.pk},
        "slip-fix": {"pk": slip.pk},
        "submissions": {"slug": "sales", "code": meeting.review.code},
        "analysis": {"slug": "sales", "code": meeting.review.code},
        "exemption": {"pk": exemption.pk},
        "remark": {"pk": remark.pk},
        "freeze": {"code": meeting.review.code},
        "reconciliation": {"code": meeting.review.code, "key": "ID69-2026-10"},
        "reconciliation-answer": {"pk": ruled(meeting.review, people).pk},
        "preread": {"code": meeting.review.code, "pk": 1},
        "sales-csv": {"block": "trend"},
        "board": {"code": "deck", "block": "sal-net"},
        "explore": {"code": "SAL_AOV", "block": "sal-aov"},
        "passport": {"code": "SAL_AOV"},
        "variants": {"code": "SAL_AOV"},
        "board-sentence": {"code": "SAL_AOV"},
        "board-task": {"code": "sales", "block": "sal-net"},
        "explore-task": {"code": "SAL_AOV", "block": "sal-aov"},
        "board-discuss": {"code": "sales", "block": "sal-net"},
        "explore-discuss": {"code": "SAL_AOV", "block": "sal-aov"},
        "pin-figure": {"pk": pinned(meeting.review, people).pk},
        "pin-withdraw": {"pk": pinned(meeting.review, people).pk},
        "point-note-write": {"code": "SAL_AOV"},
        "point-note-change": {"pk": noted.pk},
        "point-note-remove": {"pk": noted.pk},
        "template-file": {"table": "sales_daily"},
        "certify-version": {"pk": submission.pk},
        "send-back-version": {"pk": submission.pk},
        "import": {"pk": reading.pk, "uuid": reading.pk},
        "meeting": {"pk": meeting.pk},
        "meeting-close-line": {"pk": meeting.pk, "line": 1},
        "meeting-joint": {"pk": meeting.pk, "key": "c1"},
        "meeting-answer": {"pk": meeting.pk, "line": 1},
        "minutes-write": {"pk": meeting.pk, "section": "SUMMARY"},
        "minutes-file": {"pk": meeting.pk, "number": 1, "kind": "md"},
        "minutes-publish": {"pk": meeting.pk},
        "minutes": {"pk": meeting.pk},
        "meeting-retro": {"pk": meeting.pk},
        "meeting-improve": {"pk": meeting.pk},
        "meeting-judge": {"pk": meeting.pk},
        "budget": {"code": meeting.review.code, "slug": "sales"},
        "checks": {"code": meeting.review.code},
        "review-decisions": {"code": meeting.review.code},
        "company-days-remove": {"pk": 999_999},
        "person": {"pk": people["sales"].pk, "assignment": people["sales"].assignments.get().pk},
        "action": {"pk": action.pk, "dependency": waits.pk},
        "complaint": {"pk": 999_999},
        "recognition-decide": {"pk": make.recognition(people).pk},
        "project": {"pk": make.project(people).pk},
        "shared-kpi-end": {"pk": 999_999},
        "checkin-blocker": {"pk": make.blocker(action, people["supply"]).pk},
        "notice": {"uuid": told.message(people["facilitator"]).pk},
        "notice-queue-again": {"uuid": told.delivery(people["sales"]).pk},
        "notice-hook": {"pk": hook.pk},
        "notice-hook-switch": {"pk": hook.pk},
        "notice-hook-test": {"pk": hook.pk},
        "notice-hook-delete": {"pk": hook.pk},
        "calendar-feed": {"token": "unknown"},
        "api": {"path": "v1/submissions"},
        "token-revoke": {"pk": token.pk},
        "source": {"pk": source.pk},
        "saved": {"pk": view.pk},
        "source-new": {"kind": "folder"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        "account_confirm_email": {"key": "x"},
        "mfa_edit_webauthn": {"pk": 999_999},
        "mfa_remove_webauthn": {"pk": 999_999},
        "security": {"pk": 999_999},
        "join": {"token": "x"},
        "openid_connect_login": {"provider_id": "company"},
        "openid_connect_callback": {"provider_id": "company"},
        "form-link": {"token": "x" * 43},
    }


def address(route: Route, inner: dict) -> str:
    """The route's address for a thing that is not the partner's."""
    if not route.parameters:
        return reverse(route.name)
    known = inner.get(route.name) or inner.get(route.name.split("-")[0]) or {}
    missing = set(route.parameters) - set(known)
    assert not missing, f"{route.name} takes {sorted(missing)}: name one of its things in the fixture `inner`"
    return reverse(route.name, kwargs={name: known[name] for name in route.parameters})


def closed_routes() -> list[Route]:
    return [route for route in routes() if not route.is_open]


def test_the_list_of_open_addresses_is_written_down():
    named = {route.name for route in routes()}
    assert {"home", "actions", "departments", "profile"} <= {route.name for route in closed_routes()}
    assert {name for name in OPEN if name not in named} <= {"style"}


def test_without_a_person_every_other_address_leads_to_the_sign_in_page(inner):
    client = Client()
    for route, method in itertools.product(closed_routes(), ["get", "head", *UNSAFE]):
        answer = getattr(client, method)(address(route, inner))
        led = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
        assert led or answer.status_code == 401, (route.name, method, answer.status_code)


def test_somebody_who_left_is_nobody(inner, people):
    client = Client()
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    people["sales"].is_active = False
    people["sales"].save()
    for route in closed_routes():
        assert client.get(address(route, inner)).status_code in (302, 401), route.name


def test_no_row_is_visible_to_somebody_who_left(inner, people):
    gone = make.user("steward", is_active=False)
    for model in apps.get_models():
        if hasattr(model._default_manager.all(), "visible_to"):
            assert not model._default_manager.visible_to(gone).exists(), model


def test_a_partner_finds_nothing_where_a_thing_is_not_its_own(inner, people):
    client = Client()
    client.force_login(people["logistics"], backend="django.contrib.auth.backends.ModelBackend")
    before = digest()
    for route, method in itertools.product(closed_routes(), ["get", "post"]):
        if route.parameters and route.name not in SAYS_NOTHING:
            status = getattr(client, method)(address(route, inner)).status_code
            assert status in (404, 405), (route.name, method, status)
    assert digest() == before


def test_things_that_do_not_exist_are_not_found(people):
    client = Client()
    client.force_login(people["facilitator"], backend="django.contrib.auth.backends.ModelBackend")
    nothing = {"pk": 999_999, "slug": "nowhere", "code": "NOTHING", "uuid": uuid.uuid4()}
    for route in closed_routes():
        if route.parameters and route.name not in SAYS_NOTHING:
            values = {name: nothing.get(name, 1) for name in route.parameters}
            if route.name.startswith("import"):
                values = dict.fromkeys(route.parameters, uuid.uuid4())
            assert client.get(reverse(route.name, kwargs=values)).status_code in (404, 405), route.name


def refused(request, reason=""):
    """The page of a missing token without its looks, which tests/test_headers.py sees: twelve hundred are asked for."""
    return HttpResponseForbidden()


def test_nothing_is_written_without_the_token_of_a_form(inner, people, settings):
    settings.BIND_HOST, settings.CSRF_FAILURE_VIEW = "127.0.0.1", f"{__name__}.refused"
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["facilitator"], backend="django.contrib.auth.backends.ModelBackend")
    before = digest()
    for route, method in itertools.product(routes(), UNSAFE):
        status = getattr(client, method)(address(route, inner)).status_code
        assert status in ((401, 404, 405) if route.name in BY_TOKEN else (403, 405)), (
            route.name,
            method,
            status,
        )
    assert digest() == before


@pytest.mark.slow
def test_reading_pages_changes_nothing(inner, people):
    """Once each: what a second reading takes back would not be seen."""
    clients = {name: Client() for name in ("facilitator", "sales", "steward")}
    for name, client in clients.items():
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
    before = digest()
    for name, route in itertools.product(clients, routes()):
        if route.name == "meeting-stream":
            continue  # has no end; tests/meetings reads it
        status = clients[name].get(address(route, inner)).status_code
        assert status in (200, 301, 302, 401, 403, 404, 405, 410), (name, route.name, status)
    assert digest() == before


@pytest.mark.parametrize("path", ["/", "/nothing/", "/accounts/login/", "/healthz", "/departments/sales/"])
def test_no_answer_can_be_framed_or_sniffed(people, path):
    client = Client()
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    for who in (client, Client()):
        answer = who.get(path)
        assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def digest() -> dict:
    """Every row of every table but what a visit leaves: sessions, where they are, and limits that were counted."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model not in (Session, UserSession, CacheRow)
    }
