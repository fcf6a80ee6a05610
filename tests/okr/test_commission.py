"""The commission calculator as executives and HR see it, and as nobody else does."""

import pytest

pytestmark = pytest.mark.django_db
WHERE = "/okr/commission/"


def typed(**changed) -> dict:
    lines = [
        {"name": "Sales", "weight": "50", "attained": "104", "threshold": "80", "tiers": "0: 100, 100: 150"},
        {"name": "Margin", "weight": "40", "attained": "100", "gate_least": "38", "gate": "40"},
        {"name": "Returns", "weight": "10", "attained": "90", "shared": "30"},
        {},
    ]
    given = {f"line-{n}-{name}": value for n, line in enumerate(lines) for name, value in line.items()}
    plan = {"base": "100000", "starts": "2026-10-01", "ends": "2026-12-31", "owed": "1000", "rate": "0.125"}
    return plan | {"line-TOTAL_FORMS": "4", "line-INITIAL_FORMS": "4"} | given | changed


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_what_is_typed_is_worked_out_in_both_languages(people, signed_in):
    for language, due in (("en", "To be paid"), ("zh-hans", "应发")):
        people["ceo"].language = language
        people["ceo"].save()
        client = signed_in(people["ceo"])
        assert client.get(WHERE).status_code == 200
        said = text(client.post(WHERE, typed()))
        # 50,000 × 1.06 + 40,000 + 10,000 × 0.90 × 0.70 = 99,300; less 1,000; × 0.125
        assert due in said
        for amount in (
            "53,000.00",
            "40,000.00",
            "6,300.00",
            "2,700.00",
            "99,300.00",
            "98,300.00",
            "12,287.50",
        ):
            assert amount in said, amount
    half = text(client.post(WHERE, typed(joined="2026-11-16", owed="")))
    assert "49,650.00" in half


def test_a_part_of_the_page_answers_and_an_empty_figure_has_no_total(people, signed_in):
    people["ceo"].language = "en"
    people["ceo"].save()
    asked = {"HX-Request": "true", "HX-Target": "div#payout"}
    answer = signed_in(people["ceo"]).post(WHERE, typed(**{"line-1-gate": ""}), headers=asked)
    assert "<form" not in text(answer)
    assert "Not certified: no amount" in text(answer)
    assert "No total before every figure is certified." in text(answer)
    assert "53,000.00" in text(answer) and "To be paid" not in text(answer)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"line-0-weight": "60"}, "Weights make 110 %, not 100 %."),
        ({"line-0-tiers": "0: 100, much"}, "Write tiers as from: rate, with commas between."),
        ({"line-0-tiers": "0: 1e999999"}, "Write tiers as from: rate, with commas between."),
        ({"line-0-tiers": "80: 100"}, "Tiers begin at 0 and rise."),
        ({"ends": "2026-09-30"}, "The quarter ends before it begins."),
        ({"base": "-1"}, "0"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(people, signed_in, changed, said):
    people["ceo"].language = "en"
    people["ceo"].save()
    answer = signed_in(people["ceo"]).post(WHERE, typed(**changed))
    assert answer.status_code == 422
    assert said in text(answer)
    assert f'value="{next(iter(changed.values()))}"' in text(answer)


def test_only_executives_and_hr_find_it(people, signed_in):
    for name, person in people.items():
        expected = 200 if name in ("ceo", "hr") else 404
        assert signed_in(person).get(WHERE).status_code == expected, name
        assert signed_in(person).post(WHERE, typed()).status_code == expected, name
