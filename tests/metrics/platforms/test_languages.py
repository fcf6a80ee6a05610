"""The same reports in languages of other marketplaces: each figure worked out by hand from two or three rows."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.metrics.platforms.handing import checked, delimited, found_profile

OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 11, 1))
BUSINESS = {
    "fr": "ASIN (parent)|ASIN (enfant)|Titre|SKU|Sessions - Total|Vues de page - Total|Unités commandées"
    "|Ventes de produits commandés|Nombre total d'articles commandés",
    "it": "(Padre) ASIN|(Figlio) ASIN|Titolo|SKU|Sessioni - Totale|Visualizzazioni di pagina - Totale|Unità ordinate"
    "|Vendite prodotti ordinati|Totale articoli ordinati",
    "es": "(ASIN) Principal|(ASIN) Secundario|Título|SKU|Sesiones: total|Visitas a la página: total|Unidades pedidas"
    "|Ventas de productos pedidos|Total de artículos de pedidos",
    "ja": "（親）ASIN|（子）ASIN|タイトル|SKU|セッション数 - 合計|ページビュー数 - 合計|注文された商品点数|注文商品の売上額"
    "|注文品目総数",
}
BOWLS = {
    "fr": ("1\u202f250", "2\u202f301", "120", "3\u202f456,70\u00a0€", "110"),
    "it": ("1.250", "2.301", "120", "3.456,70 €", "110"),
    "es": ("1.250", "2.301", "120", "3.456,70 €", "110"),
    "ja": ("1,250", "2,301", "120", "￥345,670", "110"),
}


def outcome(tmp_path, name, content, profile, **settings):
    assert found_profile(tmp_path, name, content) == profile
    return checked(tmp_path, name, content, profile, period=OCTOBER, settings=settings)


def totals(found) -> dict[str, Decimal]:
    errors = [one for one in found.findings if one.severity == "error"]
    assert found.status in ("accepted", "warnings"), errors
    return {code: value for code, value in found.totals.items() if value}


@pytest.mark.parametrize("language", BUSINESS)
def test_a_business_report_of_another_marketplace(tmp_path, language):
    rows = [
        ["B0P", "B0A", "Bol, 3", "S1", *BOWLS[language]],
        ["B0P", "B0B", "x", "S2", "50", "60", "3", "0", "3"],
    ]
    content = delimited(rows, header=BUSINESS[language].split("|"), quoted=True, encoding="utf-8-sig")
    found = outcome(tmp_path, "BusinessReport-31-10-26.csv", content, "amazon-business-report")
    sales = Decimal(345_670) if language == "ja" else Decimal("3456.7")
    assert totals(found) == {"SAL_GROSS": sales, "SAL_UNITS": 123, "MKT_SESS": 1300}
    assert set(found.facts["currency"]) - {""} == {"JPY" if language == "ja" else "EUR"}


AMOUNTS = {
    "es": "ventas de productos|impuesto de ventas de productos|abonos de envío|impuestos por abonos de envío"
    "|abonos de envoltorio para regalo|impuestos por abonos de envoltorio para regalo|devoluciones promocionales"
    "|impuestos de descuentos por promociones|impuesto retenido en el sitio web|tarifas de venta"
    "|tarifas de Logística de Amazon|tarifas de otras transacciones|otro|total",
    "it": "Vendite|imposta sulle vendite dei prodotti|Accrediti per le spedizioni|imposta accrediti per le spedizioni"
    "|Accrediti per confezioni regalo|imposta sui crediti confezione regalo|Sconti promozionali"
    "|imposta sugli sconti promozionali|trattenuta IVA del marketplace|Commissioni di vendita"
    "|Costi del servizio Logistica di Amazon|Altri costi relativi alle transazioni|Altro|totale",
    "ja": "商品売上|商品の売上税|配送料|配送料の税金|ギフト包装手数料|ギフト包装クレジットの税金|プロモーション割引額"
    "|プロモーション割引の税金|源泉徴収税を伴うマーケットプレイス|手数料|FBA 手数料"
    "|トランザクションに関するその他の手数料|その他|合計",
}
# language: head of each row, words of the kinds (order, refund, fee, transfer), a day, the line about the currency
LANGUAGES = {
    "es": (
        "fecha y hora|identificador de pago|tipo|número de pedido|sku|descripción|cantidad",
        ("Pedido", "Reembolso", "Tarifas de inventario de Logística de Amazon", "Transferir"),
        "{} oct 2026 0:12:44 UTC",
        "Todos los importes en EUR, a menos que se especifique lo contrario",
    ),
    "it": (
        "Data/Ora:|Numero pagamento|Tipo|Numero ordine|SKU|Descrizione|Quantità",
        ("Ordine", "Rimborso", "Costo del servizio", "Trasferimento"),
        "{} ott 2026 00:12:44 UTC",
        "Tutti gli importi sono espressi in EUR, se non diversamente specificato.",
    ),
    "ja": (
        "日付/時間|決済番号|トランザクションの種類|注文番号|SKU|説明|数量",
        ("注文", "返金", "FBA在庫関連の手数料", "振込み"),
        "2026/10/0{} 0:12:44 JST",
        "すべての金額は円で表示されます。",
    ),
}


def transactions(language: str) -> bytes:
    head, kinds, day, currency = LANGUAGES[language]
    scale = 1 if language == "ja" else 100

    def amount(cents: int) -> str:
        text = f"{Decimal(cents) / scale:,.{0 if language == 'ja' else 2}f}"
        return text if language == "ja" else text.translate(str.maketrans(",.", ".,"))

    def row(at, kind, order, quantity, sales=0, tax=0, shipping=0, rebate=0, fee=0, fba=0, other=0):
        parts = [sales, tax, shipping, 0, 0, 0, rebate, 0, 0, fee, fba, 0, other]
        cells = [amount(one) for one in (*parts, sum(parts))]
        return [day.format(at), "99", kind, order, "S1", "text", quantity, *cells]

    rows = [
        row(1, kinds[0], "404-1", "2", 104_050, 21_850, 500, -1_000, -15_607, -620),
        row(3, kinds[1], "404-1", "1", -52_025, -10_925, fee=7_000),
        row(5, kinds[2], "", "", other=-3_310),
        row(6, kinds[3], "", "", other=-50_000),
    ]
    above = ["x", currency, "x", "x"]
    return delimited(
        rows,
        header=[*head.split("|"), *AMOUNTS[language].split("|")],
        quoted=True,
        before=[f'"{line}"' for line in above],
        encoding="cp932" if language == "ja" else "utf-8-sig",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_transactions_of_another_marketplace(tmp_path, language):
    name = "2026OctMonthlyTransaction.csv"
    found = outcome(tmp_path, name, transactions(language), "amazon-transactions")
    scale = 1 if language == "ja" else 100
    cents = {
        "SAL_GROSS": 104_050,
        "SAL_DISC": 1_000,
        "SAL_REF": 52_025,
        "SAL_SHIPREV": 500,
        "SAL_TAX": 10_925,
    }
    cents["SAL_PLATFEE"] = 15_607 + 620 - 7_000 + 3_310
    expected = {code: Decimal(value) / scale for code, value in cents.items()}
    assert totals(found) == expected | {"SAL_ORD": 1, "SAL_UNITS": 2}
    assert "CONTROL_DIFFERS" not in found.finding_counts
    assert set(found.facts["currency"]) - {""} == {"JPY" if language == "ja" else "EUR"}


def test_a_point_below_an_east_asian_header_leaves_the_mark_open(tmp_path):
    """A seller with a Chinese screen may sell in Germany: 1.250 is asked about."""
    header = "（父）ASIN|（子）ASIN|标题|SKU|会话数 - 总计|页面浏览量 - 总计|已订购商品数量|已订购商品销售额|订单商品总数".split(
        "|"
    )
    content = delimited([["P", "A", "x", "S1", "5", "6", "2", "1.250 €", "2"]], header=header)
    found = checked(tmp_path, "BusinessReport.csv", content, "amazon-business-report", period=OCTOBER)
    assert "NUMBER_AMBIGUOUS" in found.finding_counts and not found.totals


ADS = "開始日|終了日|通貨|キャンペーン名|インプレッション|クリック|広告費|7日間の総売上高|7日間の合計注文数(#)|7日間の合計販売数(#)"
OTHERS = {
    "amazon-ads": (
        "Sponsored Products キャンペーン レポート.csv",
        [ADS.split("|"), "2026/10/01 2026/10/31 JPY A 12,345 120 ￥6,000 ￥30,000 12 13".split()],
        {"MKT_SPEND_AD": 6000, "MKT_IMP": 12_345, "MKT_CLK": 120, "MKT_AD_ORD": 12, "MKT_AD_SALES": 30_000},
    ),
    "google-ads": (
        "キャンペーン レポート.csv",
        [
            ["キャンペーン レポート"],
            ["2026/10/01 - 2026/10/31"],
            ["キャンペーン", "通貨コード", "費用", "表示回数", "クリック数", "コンバージョン"],
            ["A", "JPY", "12,000", "9,380", "120", "3.00"],
            ["合計: キャンペーン", "JPY", "12,000", "9,380", "120", "3.00"],
        ],
        {"MKT_SPEND_AD": 12_000, "MKT_IMP": 9380, "MKT_CLK": 120},
    ),
    "search-console": (
        "グラフ.csv",
        [["日付", "クリック数", "表示回数", "CTR", "掲載順位"], ["2026-10-01", "3", "10", "30%", "1.2"]],
        {"SEARCH_CLICKS": 3, "SEARCH_IMP": 10},
    ),
}


@pytest.mark.parametrize("profile", OTHERS)
def test_reports_in_japanese(tmp_path, profile):
    name, rows, expected = OTHERS[profile]
    told = totals(outcome(tmp_path, name, delimited(rows, encoding="utf-8-sig"), profile))
    assert {code: value for code, value in told.items() if code != "MKT_PLAT_SALES"} == expected


def test_a_german_search_console_writes_positions_with_a_comma(tmp_path):
    rows = [["Datum", "Klicks", "Impressionen", "CTR", "Position"], ["2026-10-01", "3", "10", "30 %", "1,2"]]
    found = outcome(tmp_path, "Diagramm.csv", delimited(rows), "search-console")
    assert totals(found) == {"SEARCH_CLICKS": 3, "SEARCH_IMP": 10}


def test_postage_is_no_part_of_the_sales_of_a_taobao_order(tmp_path):
    header = "订单编号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额".split(
        ","
    )
    rows = [
        ["2901", "100.00", "10.00", "110.00", "105.00", "2026-10-01 00:00:02", "2026-10-01 00:01:02", "0.00"]
    ]
    content = delimited(rows, header=header, encoding="gb18030")
    found = outcome(tmp_path, "ExportOrderList2026.csv", content, "tmall-orders")
    assert totals(found) == {"SAL_GROSS": 100, "SAL_SHIPREV": 10, "SAL_ORD": 1}
