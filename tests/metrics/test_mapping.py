"""A file that nobody knows: guesses by memory, name, pinyin and similarity; what is missing is named; it is kept."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from metrics import importing, known_profiles, mapping, readings
from metrics.intake import guessing
from metrics.models import ImportJob, Submission
from metrics.periods import Period
from tests import make
from tests.metrics.figures import dictionary_of_today
from tests.metrics.platforms.handing import delimited
from tests.metrics.uploads import codes, imported

pytestmark = pytest.mark.django_db
AT = make.AT
OCTOBER = Period.parse("2026-10")
ON = dt.date(2026, 11, 22)
HEADER = "下单时间,订单号,店铺,收货国家,商品销售额,优惠金额,xiaoshoujianshu,备注"
ROWS = [
    '2026-10-01 10:00,A1,amazon,Germany,"1,200.50",0.50,2,',
    "2026-10-02 11:00,A2,amazon,France,80.00,0,1,礼物",
    "2026-10-31 23:59,A2,amazon,France,19.50,1.00,1,",
]


def file(rows=ROWS, header=HEADER) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


@pytest.fixture
def people():
    dictionary_of_today()
    return make.people()


@pytest.fixture
def unknown(people):
    return imported(file(), at=AT, by=people["sales"], name="店铺导出.csv", period=OCTOBER)


@pytest.fixture
def sales(client, people):
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def chosen(draft) -> dict[str, tuple[str, str]]:
    return {
        c.header: (draft.guesses[c.place].target, draft.guesses[c.place].how)
        for c in draft.columns
        if c.place in draft.guesses
    }


def given(draft, **changed) -> dict:
    """The form as the page shows it, with changes by header."""
    guessed = {place: guess.target for place, guess in draft.guesses.items()}
    answers = {f"column-{c.place}": changed.get(c.header, guessed.get(c.place, "")) for c in draft.columns}
    return answers | {
        "title": "店小秘 订单",
        "currency": "EUR",
        "platform": "",
        "decimal": "",
        "date_order": "",
    }


def test_columns_are_guessed_by_name_by_pinyin_and_by_similarity(unknown):
    assert codes(unknown) == ["PROFILE_NOT_FOUND"]
    draft = mapping.draft(unknown, on=ON)
    found = chosen(draft)
    assert found["下单时间"] == ("day", "synonym") and found["订单号"] == ("order", "synonym")
    assert found["店铺"] == ("platform", "synonym") and found["收货国家"] == ("country", "synonym")
    assert found["优惠金额"] == ("SAL_DISC", "synonym") and found["xiaoshoujianshu"] == (
        "SAL_UNITS",
        "synonym",
    )
    assert "备注" not in found and len(draft.rows) == 3 and draft.header == 0


def test_a_title_above_the_header_is_passed_over_and_a_near_name_is_marked_as_similar():
    rows = [
        ("Report of October", "", ""),
        ("Order dat", "Gross product sale", "Note"),
        ("2026-10-01", "5.00", "x"),
    ]
    assert guessing.header_row(rows) == 1
    columns = guessing.seen(rows, 1)
    assert [one.looks for one in columns] == ["day", "number", "text"]
    names = {"order date": "day", "gross product sales": "SAL_GROSS"}
    found = guessing.guesses(columns, {}, names, {"day": "day", "SAL_GROSS": "number"})
    assert found == {0: guessing.Guess("day", "similar"), 1: guessing.Guess("SAL_GROSS", "similar")}


GERMAN = "Bestelldatum;Bestellnummer;Land;Warenwert;Rabatt;Versandkosten;MwSt;Stück"
WALMART = "PO#,Order Date,Ship By,Qty,Item Total,Shipping Cost,Tax,SKU"


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            GERMAN.split(";"),
            ["03.10.2026", "A1", "Germany", "1.210,50 €", "10,00 €", "4,90 €", "19,00 €", "2"],
            ["day", "order", "country", "SAL_GROSS", "SAL_DISC", "SAL_SHIPREV", None, "SAL_UNITS"],
        ),
        (
            WALMART.split(","),
            ["1001-7", "2026-10-03", "2026-10-05", "2", "39.98", "0", "1.60", "S1"],
            ["order", "day", None, "SAL_UNITS", "SAL_GROSS", "SAL_SHIPREV", None, None],
        ),
    ],
)
def test_everyday_words_of_shops_abroad_are_guessed(people, header, row, expected):
    content = delimited([row] * 4, header=header, mark=";" if "Land" in header else ",")
    job = imported(content, at=AT, by=people["sales"], name="shop.csv", period=OCTOBER)
    draft = mapping.draft(job, on=ON)
    found = {column.header: draft.guesses.get(column.place) for column in draft.columns}
    assert [one and one.target for one in found.values()] == expected


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("国家名", "country"),
        ("销售总额", "SAL_GMV"),
        ("净销售额", None),
        ("销售额占比", None),
        ("备注", None),
    ],
)
def test_a_chinese_header_is_similar_unless_a_sign_turns_its_meaning(header, target):
    columns = [guessing.Seen(0, header, "number", ("1",))]
    found = guessing.guesses(columns, {}, {"国家": "country", "销售额": "SAL_GMV"}, {"SAL_GMV": "number"})
    assert found == ({0: guessing.Guess(target, "similar")} if target else {})


@pytest.mark.parametrize(
    ("cells", "two_ways", "decimal"),
    [
        (["03/04/2026", "05/06/2026"], True, ""),
        (["03/04/2026", "13/06/2026"], False, ""),
        (["1.234", "900"], False, "?"),
        (["1.234,50 €", "1.234"], False, ","),
        (["$1,234.50"], False, "."),
    ],
)
def test_what_can_be_read_in_two_ways_is_told(cells, two_ways, decimal):
    assert (guessing.is_two_ways(cells), guessing.decimal_of(cells)) == (two_ways, decimal)


def test_saving_makes_a_profile_that_reads_the_file_and_is_found_next_time(sales, people, unknown):
    draft = mapping.draft(unknown, on=ON)
    answer = sales.post(reverse("import-map", args=[unknown.pk]), given(draft, 商品销售额="SAL_GROSS"))
    job = ImportJob.objects.exclude(pk=unknown.pk).get()
    assert answer.status_code == 302 and answer["Location"] == reverse("import", args=[job.pk])
    assert job.profile == "sales-dianxiaomi-dingdan"
    job = importing.run(job.pk, at=AT)
    assert job.outcome["status"] == "accepted", job.outcome["findings"]
    totals = job.outcome["totals"]
    assert {code: float(totals[code]) for code in totals} == {
        "SAL_GROSS": 1300.0,
        "SAL_DISC": 1.5,
        "SAL_UNITS": 4,
        "SAL_ORD": 2,
    }
    assert readings.reading("SAL_GMV", OCTOBER, status="draft").value == 1298.5
    again = imported(file(ROWS[:2]), at=AT, by=people["sales"], name="anything.csv", period=OCTOBER)
    assert again.profile == "sales-dianxiaomi-dingdan" and Submission.objects.count() == 2


def test_a_changed_file_is_guessed_from_the_earlier_one(people, unknown):
    draft = mapping.draft(unknown, on=ON)
    targets = {"商品销售额": "SAL_GROSS", "下单时间": "day"}
    mapping.save(
        unknown,
        mapping.Mapping(title="Shop", targets=targets, currency="EUR"),
        money={"SAL_GROSS"},
        by=people["sales"],
        at=AT,
    )
    other = imported(
        file(header="何时,A,B,C,商品销售额,D,E,F"), at=AT, by=people["sales"], name="b.csv", period=OCTOBER
    )
    assert codes(other)[0] in ("PROFILE_NOT_FOUND", "HEADER_REQUIRED") and len(draft.columns) == 8
    assert chosen(mapping.draft(other, on=ON))["商品销售额"] == ("SAL_GROSS", "remembered")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"currency": ""}, "Amounts need a currency"),
        ({"title": " "}, "Give this kind of file a name"),
        ({"column-0": "order"}, "Two columns are chosen as “Order number”"),
        (
            {"column-1": "", "column-5": "", "column-6": "", "column-4": ""},
            "Choose at least one column with a figure",
        ),
    ],
)
def test_what_is_missing_is_named_and_what_was_chosen_is_kept(sales, unknown, changes, said):
    sales.cookies["reviewhub_language"] = "en"
    answers = given(mapping.draft(unknown, on=ON)) | changes
    answer = sales.post(reverse("import-map", args=[unknown.pk]), answers)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and ImportJob.objects.count() == 1
    assert 'value="day" selected' in page or changes.get("column-0") == "order"


def test_only_who_may_upload_for_the_department_sees_the_page(client, people, unknown):
    for name in ("marketing", "observer", "logistics"):
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("import-map", args=[unknown.pk])).status_code == 404


def test_a_saved_profile_survives_export_and_import(people, unknown, tmp_path):
    targets = {"商品销售额": "SAL_GROSS", "下单时间": "day", "订单号": "order"}
    mapping.save(
        unknown,
        mapping.Mapping(title="Shop", targets=targets, currency="EUR"),
        money={"SAL_GROSS"},
        by=people["sales"],
        at=AT,
    )
    path, out = tmp_path / "shop.yaml", io.StringIO()
    call_command("profile", "export", "sales-shop", str(path), stdout=out)
    before = known_profiles.named("sales-shop").profile.digest
    call_command("profile", "import", "sales-shop", str(path), stdout=out)
    assert known_profiles.named("sales-shop").profile.digest == before
    assert known_profiles.named("sales-shop").number == 1


@pytest.mark.parametrize("text", ["天猫", "tianmao", "tmtbdd", "tmall"])
def test_profiles_are_found_by_name_pinyin_and_initials(people, text):
    out = io.StringIO()
    call_command("profiles", "--json", f"--search={text}", stdout=out)
    assert [one["name"] for one in json.loads(out.getvalue())["profiles"]] == ["tmall-orders"]
