"""Links count once both sides want them: whoever presses what, in whatever order, from however old a page."""

from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr import cascade, links
from okr.cascade import result_key
from okr.models import Contribution, KeyResult, Share
from okr.setting import CannotSet
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
LINKS = "/okr/2026-Q4/links/"
NAMES = ("ceo", "sales", "marketing", "finance", "logistics")


@pytest.fixture
def two(people):
    """A key result of Sales and one of Marketing."""
    objective, sold = make.cascade(people)
    reach = KeyResult.objects.create(
        cycle=objective.cycle,
        title="Reach",
        department=make.department("MKT"),
        objective=objective,
        owner=people["marketing"],
    )
    with translation.override("en"):
        yield reach, sold


def nodes(user):
    return cascade.cascade(KeyResult.objects.first().cycle, user=user, on=make.AT.date()).tree


def test_a_link_counts_with_the_second_consent_and_stays_as_a_row_when_it_ends(people, two):
    reach, sold = two
    link = links.ask(reach, sold, from_helper=True, by=people["marketing"], at=make.AT)
    assert nodes(people["ceo"])[result_key(reach.pk)].contributes == ()
    with pytest.raises(CannotSet, match="Somebody of the side that was asked accepts this, not who asked."):
        links.accept(link, by=people["marketing"], at=make.AT)
    for _twice in range(2):
        links.accept(link, by=people["sales"], at=make.AT)
    assert nodes(people["ceo"])[result_key(reach.pk)].contributes == (result_key(sold.pk),)
    with pytest.raises(CannotSet, match="Say why, in at most 300 characters."):
        links.end(link, "  ", by=people["marketing"], at=make.AT)
    links.end(link, " no  budget ", by=people["marketing"], at=make.AT)
    assert nodes(people["ceo"])[result_key(reach.pk)].contributes == ()
    with pytest.raises(CannotSet, match="This was ended in the meantime."):
        links.accept(link, by=people["sales"], at=make.AT)
    anew = links.ask(reach, sold, from_helper=False, by=people["sales"], at=make.AT)
    assert anew.pk != link.pk and not anew.counts
    assert [(one.reason, one.ended_by) for one in Contribution.objects.order_by("pk")] == [
        ("no budget", people["marketing"]),
        ("", None),
    ]
    codes = Activity.objects.filter(code__startswith="okr.link").order_by("id").values_list("code", flat=True)
    assert list(codes) == ["okr.link_asked", "okr.link_accepted", "okr.link_ended", "okr.link_asked"]


def test_a_department_owns_a_key_result_too_once_it_accepts(people, two):
    reach, sold = two
    marketing = make.department("MKT")
    share = links.ask(marketing, sold, from_helper=False, by=people["sales"], at=make.AT)
    assert nodes(people["ceo"])[result_key(sold.pk)].owners == ()
    links.accept(share, by=people["marketing"], at=make.AT)
    assert nodes(people["ceo"])[result_key(sold.pk)].owners == ("MKT",)
    for helper, said in (
        (make.department("LOG"), "This department cannot own key results."),
        (make.department("SAL"), "The key result is this department's already."),
        (sold, "A key result does not help itself."),
    ):
        with pytest.raises(CannotSet, match=said):
            links.ask(helper, sold, from_helper=False, by=people["ceo"], at=make.AT)
    sold.cycle.state = "closed"
    sold.cycle.save()
    with pytest.raises(CannotSet, match="Either side ends this, while the cycle is not scored."):
        links.end(Share.objects.get(), "late", by=people["sales"], at=make.AT)


PRESS = st.tuples(
    st.sampled_from(["ask", "offer", "accept", "end"]), st.sampled_from(NAMES), st.integers(0, 5)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PRESS, max_size=14))
def test_no_sequence_of_presses_leaves_a_link_without_both_consents(people, two, presses):
    reach, sold = two
    Contribution.objects.all().delete()
    pages = []  # links as pages still show them, however old
    sides = {False: {"ceo", "marketing"}, True: {"ceo", "sales"}}
    for what, name, which in presses:
        with suppress(CannotSet):
            if what in ("ask", "offer"):
                pages.append(links.ask(reach, sold, from_helper=what == "offer", by=people[name], at=make.AT))
            elif pages and what == "accept":
                links.accept(pages[which % len(pages)], by=people[name], at=make.AT)
            elif pages:
                links.end(pages[which % len(pages)], "no", by=people[name], at=make.AT)
    names = {people[name].pk: name for name in NAMES}
    for link in Contribution.objects.all():
        assert names[link.asked_by_id] in sides[not link.from_helper]
        if link.accepted_at:
            assert names[link.accepted_by_id] in sides[link.from_helper]
            assert link.accepted_by_id != link.asked_by_id
    assert Contribution.objects.filter(ended_at=None).count() <= 1
    wanted = Contribution.objects.filter(ended_at=None, accepted_at__isnull=False).exists()
    assert bool(nodes(people["ceo"])[result_key(reach.pk)].contributes) is wanted


@pytest.mark.parametrize(
    ("language", "waits", "none", "counts"),
    [
        ("en", "Waits for you", "Nobody asked you for anything.", "Wanted by both sides"),
        ("zh-hans", "等你答复", "没有等你答复的请求。", "双方都已同意"),
    ],
)
def test_asking_and_answering_on_the_pages(people, two, signed_in, pages_at, language, waits, none, counts):
    reach, sold = two
    for person in people.values():
        person.language = language
        person.save()
    marketing = signed_in(people["marketing"])
    page = f"/okr/2026-Q4/results/{reach.pk}/"
    refused = marketing.post(f"{page}ask", {"other": "to-0"})
    assert refused.status_code == 422 and not Contribution.objects.exists()
    assert marketing.post(f"{page}ask", {"other": f"to-{sold.pk}"})["Location"] == page
    link = Contribution.objects.get()
    assert none in marketing.get(LINKS).content.decode()
    sales = signed_in(people["sales"])
    asked = sales.get(LINKS).content.decode()
    assert waits in asked and none not in asked and f"{LINKS}helps/{link.pk}/accept" in asked
    without = sales.post(f"{LINKS}helps/{link.pk}/end", {"reason": " "})
    assert without.status_code == 422
    assert sales.post(f"{LINKS}helps/{link.pk}/accept")["Location"] == LINKS
    assert counts in sales.get(LINKS).content.decode()
    assert sales.get(page).status_code == 200
    assert signed_in(people["logistics"]).get(LINKS).status_code == 404
    assert sales.post(f"{LINKS}owns/{link.pk}/accept").status_code == 404
