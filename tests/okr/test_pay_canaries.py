"""No byte of commission reaches anybody whom it does not concern: every address of the URLconf is read by everybody
else, and what they get is searched for what was planted in every field of class C3."""

import json
import logging

import pytest
from django.core import serializers
from django.test import Client
from django.utils import translation

from okr import pay_disputes, pay_plans
from okr.models import PayAmount, PayDispute, PayLine, PayMember, PayPlan, PayReturn, PayStatement
from okr.pay_wishes import MemberWish
from reviewhub.notices import kinds, planning
from reviewhub.notices.models import Message, Occurrence
from reviewhub.people.models import Activity
from tests.api import caller
from tests.okr import pays
from tests.okr.pays import BEGAN, OVER, line
from tests.test_access import address, inner, routes

pytestmark = pytest.mark.django_db
__all__ = ["inner"]

# Told apart from anything that a page would say by itself.
WORDS = {name: f"Zirkon{name}" for name in ("note", "line", "back", "dispute", "answer", "reason")}
AMOUNTS = {"base": 739_111_337, "own": 614_229_773, "taken": 318_664_421, "target": 871_335_129}
STRANGERS = (
    "marketing",
    "supply",
    "finance",
    "tech",
    "logistics",
    "steward",
    "facilitator",
    "observer",
    "admin",
)
ENDLESS = {"meeting-stream"}


def canaries() -> list[bytes]:
    """Every planted text, and every planted amount as it may be written."""
    found = [word for word in WORDS.values()]
    for cents in AMOUNTS.values():
        found += [str(cents), str(cents // 100), f"{cents // 100:,}"]
    return [one.encode() for one in found]


@pytest.fixture
def planted(people, inner):
    """A plan with a canary in every field, over the things that every address needs."""
    from okr.models import Cycle  # noqa: PLC0415

    cycle = Cycle.objects.get(code=inner["okr"]["code"])
    terms = line(WORDS["line"], metric=pays.metric("SAL_GROSS"))
    members = [MemberWish(people["sales"], AMOUNTS["base"])]
    plan = pays.draft(people, terms, members=members, cycle=cycle, note=WORDS["note"])
    plan = pay_plans.ask(plan, by=people["sales"], at=BEGAN)
    plan = pay_plans.send_back(plan, WORDS["back"], by=people["hr"], at=BEGAN)
    plan = pays.agreed(pay_plans.ask(plan, by=people["sales"], at=BEGAN), people)
    PayPlan.objects.update(sent_back=WORDS["back"])
    PayLine.objects.update(target=AMOUNTS["target"] * 10**4)
    row = plan.lines.get()
    found = pay_disputes.dispute(plan, row, WORDS["dispute"], by=people["sales"], at=BEGAN)
    pay_disputes.answer(found, "kept", WORDS["answer"], by=people["hr"], at=BEGAN)
    statement = PayStatement.objects.create(
        plan=plan, person=people["sales"], earned=AMOUNTS["own"], due=AMOUNTS["own"]
    )
    amount = PayAmount.objects.create(
        statement=statement,
        line=row,
        actual=AMOUNTS["target"] * 10**4,
        attained=10**6,
        factor=10**6,
        own=AMOUNTS["own"],
    )
    PayReturn.objects.create(
        amount=amount,
        sold=2,
        returned=1,
        cents=AMOUNTS["taken"],
        reason=WORDS["reason"],
        at=OVER,
        by=people["hr"],
    )
    planning.plan(clock=lambda: OVER)
    return plan


def test_every_canary_is_there_for_who_may_see_it(people, signed_in, planted):
    """Otherwise the test below could not fail."""
    people["hr"].language = "en"
    people["hr"].save()
    client, base = signed_in(people["hr"]), f"/comp/{planted.cycle.code}/{planted.pk}/"
    said = client.get(base).content + client.get(f"{base}of/{people['sales'].pk}/").content
    PayPlan.objects.update(state="draft")
    said += client.get(base).content
    written = [word.encode() for word in WORDS.values()]
    written += [f"{cents // 100:,}".encode() for name, cents in AMOUNTS.items()]
    assert [one for one in written if one not in said] == []


def test_no_byte_of_it_reaches_anybody_else(people, planted, inner, caplog, settings):
    """At least 20,000 checks: address × person × canary, by page and as part of a page, and by the API."""
    planted_ones, checks, leaks = canaries(), 0, []
    inner |= {
        "pay": {
            "code": planted.cycle.code,
            "pk": planted.pk,
            "person": people["sales"].pk,
            "line": planted.lines.get().pk,
            "slug": "sales",
            "verb": "ask",
            "dispute": planted.disputes.get().pk,
        }
    }
    caplog.set_level(logging.DEBUG)
    for name in STRANGERS:
        client = Client()
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        for route in routes():
            if route.name in ENDLESS:
                continue
            path = address(route, inner)
            asked = [(path, {}), (path + "?q=Zirkon", {"HX-Request": "true", "HX-Target": "main#main"})]
            for where, headers in (
                asked if route.name.startswith(("pay", "okr", "metric", "activity")) else asked[:1]
            ):
                answer = client.get(where, headers=headers)
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                body += str(answer.headers).encode()
                checks += len(planted_ones)
                leaks += [(name, route.name, one) for one in planted_ones if one in body]
        program = caller.Program(caller.made(people[name])[1]) if name not in ("logistics",) else None
        for where in api_addresses() if program else ():
            body = program.client.get(where, headers=program.headers).content
            checks += len(planted_ones)
            leaks += [(name, where, one) for one in planted_ones if one in body]
    assert leaks == []
    assert checks >= 20_000
    assert [one for one in planted_ones if one.decode() in caplog.text] == []


def api_addresses() -> list[str]:
    """Every address of the API that takes no parameter."""
    return [
        "/api" + path if not path.startswith("/api") else path
        for path in caller.document()["paths"]
        if "{" not in path
    ]


def test_mails_chat_and_the_log_say_that_something_is_there_and_nothing_of_it(people, planted):
    told = Occurrence.objects.filter(kind__startswith="pay.")
    assert set(told.values_list("kind", flat=True)) == {
        "pay.asked",
        "pay.back",
        "pay.agreed",
        "pay.disputed",
        "pay.answered",
    }
    said = []
    for occurrence in told:
        kind = kinds.find(occurrence.kind)
        for language in ("en", "zh-hans"):
            with translation.override(language):
                for user in [None, *kind.recipients(occurrence)]:
                    said.append(repr(kind.render(occurrence, user)))
    said.append(serializers.serialize("json", Activity.objects.all()))
    said.append(serializers.serialize("json", [*Occurrence.objects.all(), *Message.objects.all()]))
    everything = "\n".join(said).encode() + json.dumps(said).encode()
    assert [one for one in canaries() if one in everything] == []


def test_every_table_of_commission_is_planted():
    """A new field with words or money must be planted above."""
    tables = (PayPlan, PayLine, PayMember, PayStatement, PayAmount, PayReturn, PayDispute)
    words = {
        f"{model.__name__}.{field.name}"
        for model in tables
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField") and not field.choices
    }
    assert words == {
        "PayPlan.note",
        "PayPlan.sent_back",
        "PayLine.name",
        "PayLine.dimension",
        "PayLine.member",
        "PayMember.currency",
        "PayStatement.currency",
        "PayReturn.reason",
        "PayDispute.words",
        "PayDispute.answer",
    }
