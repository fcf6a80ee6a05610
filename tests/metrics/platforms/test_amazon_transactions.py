"""Amazon date range reports in four languages: preamble, local numbers and dates, fees, refunds, advertising."""

import datetime as dt
import random
from decimal import Decimal

import pandas as pd
import pytest

from tests.metrics.platforms.handing import (
    checked,
    delimited,
    exact,
    expected,
    figures,
    found_profile,
    german,
    money,
    submit,
    told,
)

pytestmark = pytest.mark.django_db
DECEMBER = (dt.date(2025, 12, 1), dt.date(2026, 1, 1))
PREAMBLE = {
    "en": "All amounts in USD, unless specified",
    "de": "Alle Beträge in EUR sofern nicht anders gekennzeichnet",
    "fr": "Tous les montants sont en EUR, sauf mention contraire.",
    "jp": "すべての金額はJPYです",
}
HEADERS = {
    "en": ["date/time", "settlement id", "type", "order id", "sku", "description", "quantity", "marketplace",
           "product sales", "product sales tax", "shipping credits", "promotional rebates", "selling fees", "fba fees",
           "other transaction fees", "other", "total"],
    "de": ["Datum/Uhrzeit", "Abrechnungsnummer", "Typ", "Bestellnummer", "SKU", "Beschreibung", "Menge", "Marketplace",
           "Umsätze", "Produktumsatzsteuer", "Gutschrift für Versandkosten", "Rabatte aus Werbeaktionen",
           "Verkaufsgebühren", "Gebühren zu Versand durch Amazon", "Andere Transaktionsgebühren", "Andere", "Gesamt"],
    "fr": ["date/heure", "numéro de versement", "type", "numéro de la commande", "sku", "description", "quantité",
           "Marketplace", "ventes de produits", "Taxes sur la vente des produits", "crédits d’expédition",
           "Rabais promotionnels", "frais de vente", "Frais Expédié par Amazon", "autres frais de transaction", "autre",
           "total"],
    "jp": ["日付/時間", "決済番号", "トランザクションの種類", "注文番号", "SKU", "説明", "数量", "Amazon 出品サービス", "商品の売上",
           "商品の売上税", "配送料", "プロモーション割引額", "手数料", "FBA 手数料", "トランザクションに関するその他の手数料", "その他", "合計"],
}  # fmt: skip
TYPES = {
    "en": ("Order", "Refund", "Service Fee", "Transfer", "FBA Inventory Fee"),
    "de": ("Bestellung", "Erstattung", "Servicegebühr", "Übertrag", "Versand durch Amazon Lagergebühr"),
    "fr": ("Commande", "Remboursement", "Frais de service", "Transfert", "Frais de stock Expédié par Amazon"),
    "jp": ("注文", "返金", "サービス手数料", "振込み", "FBA 在庫関連の手数料"),
}
ADVERTISING = {
    "en": "Cost of Advertising",
    "de": "Werbekosten",
    "fr": "Prix de la publicité",
    "jp": "広告費用",
}
NUMBER = {
    "en": lambda v: f"{v:,.2f}",
    "de": german,
    "fr": lambda v: german(v).replace(".", "\u202f"),
    "jp": lambda v: f"{v:,.0f}",
}
STAMP = {
    "en": lambda t: f"{t:%b} {t.day}, {t.year} {t:%I:%M:%S %p} PST",
    "de": lambda t: f"{t:%d.%m.%Y %H:%M:%S} GMT+00:00",
    "fr": lambda t: f"{t.day} déc. {t.year} {t:%H:%M:%S} UTC",
    "jp": lambda t: f"{t:%Y/%m/%d %H:%M:%S}JST",
}
CODES = [
    "SAL_GROSS",
    "SAL_DISC",
    "SAL_REF",
    "SAL_SHIPREV",
    "SAL_TAX",
    "SAL_ORD",
    "SAL_UNITS",
    "SAL_PLATFEE",
    "MKT_SPEND_AD",
]
AMOUNTS = ["sales", "tax", "shipping", "rebates", "selling", "fba", "other_fees", "other"]


def truth(variant, seed=17) -> pd.DataFrame:
    pick = random.Random(seed)
    cents = Decimal(1) if variant == "jp" else Decimal("0.01")
    rows = []
    for number in range(120):
        kind = pick.choices(range(5), weights=[60, 15, 5, 2, 5])[0]
        one = dict.fromkeys(AMOUNTS, Decimal(0)) | {"kind": kind, "order": "", "quantity": "", "text": ""}
        one["at"] = dt.datetime(2025, 12, pick.randrange(1, 32), pick.randrange(24), 38, 23)
        sign = -1 if kind == 1 else 1
        if kind < 2:
            one |= {
                "order": f"302-{pick.randrange(50):07d}-123",
                "quantity": pick.randrange(1, 4),
                "text": "Lamp, white",
            }
            one["sales"] = sign * (money(pick, 900, 2900) if number % 9 == 0 else money(pick, 5, 90))
            one["tax"], one["shipping"] = (
                sign * money(pick, 1, 9),
                sign * pick.choice([Decimal(0), Decimal("4.99")]),
            )
            one["rebates"] = -sign * pick.choice([Decimal(0), Decimal("4.99")])
            one["selling"], one["fba"] = (
                -sign * money(pick, 1, 9),
                -money(pick, 2, 6) if kind == 0 else Decimal(0),
            )
        elif kind == 2:
            one |= {"other_fees": -money(pick, 20, 400), "text": ADVERTISING[variant]}
        else:
            one |= {
                "other": -money(pick, 10, 2000),
                "text": "To account ending in: 123" if kind == 3 else "Storage",
            }
        for name in AMOUNTS:
            one[name] = one[name].quantize(cents)
        rows.append(one)
    return pd.DataFrame(rows)


def file(variant, frame) -> bytes:
    number = NUMBER[variant]
    rows = []
    for one in frame.to_dict("records"):
        amounts = [one[name] for name in AMOUNTS]
        rows.append(
            [STAMP[variant](one["at"]), "11223344", TYPES[variant][one["kind"]], one["order"], "SKU-1", one["text"],
             one["quantity"], "amazon", *map(number, amounts), number(sum(amounts))]
        )  # fmt: skip
    before = ['"Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions"',
              f'"{PREAMBLE[variant]}"', '"Definitions:"', '"Sales tax collected: Includes sales tax, gift wrap"',
              '"Selling fees: Includes variable closing fees and referral fees."', '"Other transaction fees: …"',
              '"Other: Includes non-order transaction amounts."']  # fmt: skip
    return delimited(rows, header=HEADERS[variant], quoted=True, before=before, encoding="utf-8-sig")


def computed(frame) -> dict:
    sale, refund = frame[frame.kind == 0], frame[frame.kind == 1]
    both, service = frame[frame.kind < 2], frame[frame.kind == 4]
    return expected(
        SAL_GROSS=exact(sale.sales),
        SAL_DISC=-exact(sale.rebates),
        SAL_REF=-exact(refund.sales) - exact(refund.rebates),
        SAL_SHIPREV=exact(both.shipping),
        SAL_TAX=exact(both.tax),
        SAL_ORD=sale.order.nunique(),
        SAL_UNITS=sum(sale.quantity),
        SAL_PLATFEE=-exact(both.selling) - exact(both.fba) - exact(service.other),
        MKT_SPEND_AD=-exact(frame[frame.kind == 2].other_fees),
    )


@pytest.mark.parametrize("variant", HEADERS)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant):
    frame = truth(variant)
    document = submit(tmp_path, "2025DecMonthlyTransaction.csv", file(variant, frame), "2025-12")
    assert document["profile"] == "amazon-transactions"
    assert document["rows_excluded"] == {"payout": int((frame.kind == 3).sum())}
    assert figures(document, "2025-12", CODES) == computed(frame)


@pytest.mark.parametrize("variant", HEADERS)
def test_the_currency_comes_from_the_lines_above_and_the_day_as_it_is_written(tmp_path, variant):
    frame = truth(variant)
    outcome = checked(tmp_path, "x.csv", file(variant, frame), "amazon-transactions", period=DECEMBER)
    assert set(outcome.facts.currency) == {{"en": "USD", "jp": "JPY"}.get(variant, "EUR")}
    assert outcome.finding_counts == {} and outcome.counts["stated"] == outcome.counts["computed"]
    sales = outcome.facts[outcome.facts.metric == "SAL_GROSS"].groupby("day").value.sum()
    days = frame[frame.kind == 0].groupby(frame["at"].dt.date).sales.sum()
    assert {day: Decimal(int(v)).scaleb(-4) for day, v in sales.items()} == dict(days)


def test_totals_that_disagree_with_their_rows_are_told(tmp_path):
    frame = truth("en")
    lines = file("en", frame).decode("utf-8-sig").splitlines()
    cells = lines[20].split('","')
    lines[20] = '","'.join([*cells[:-1], '99,999.99"'])
    outcome = checked(tmp_path, "x.csv", "\n".join(lines).encode(), "amazon-transactions", period=DECEMBER)
    assert outcome.finding_counts == {"CONTROL_DIFFERS": 1} and outcome.status == "warnings"


def test_without_the_line_of_the_currency_it_is_asked_for(tmp_path):
    content = file("en", truth("en")).replace(b"All amounts in USD, unless specified", b"Amounts")
    outcome = checked(tmp_path, "x.csv", content, "amazon-transactions", period=DECEMBER)
    assert outcome.status == "rejected" and list(outcome.finding_counts) == ["CURRENCY_MISSING"]
    given = checked(
        tmp_path, "x.csv", content, "amazon-transactions", period=DECEMBER, settings={"currency": "USD"}
    )
    assert given.status == "accepted" and set(given.facts.currency) == {"USD"}


def test_a_damaged_amount_is_named_by_the_row_of_the_file(tmp_path):
    lines = file("de", truth("de")).decode("utf-8-sig").splitlines()
    cells = lines[9].split('","')
    lines[9] = '","'.join([*cells[:8], "12,3,4", *cells[9:]])
    outcome = checked(tmp_path, "x.csv", "\n".join(lines).encode(), "amazon-transactions", period=DECEMBER)
    assert told(outcome, "NUMBER_FORMAT") == [("", 10, "I", "12,3,4")]


@pytest.mark.parametrize("variant", HEADERS)
def test_it_is_told_from_every_other_shipped_profile(tmp_path, variant):
    assert found_profile(tmp_path, "report.csv", file(variant, truth(variant))) == "amazon-transactions"
