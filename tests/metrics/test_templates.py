"""The tidy templates: each workbook, filled and handed in, gives the figures that pandas computes from its rows."""

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from metrics import intake, readings, tidy_templates
from metrics.definitions import Definitions
from metrics.intake.profile import Profile, ProfileError
from metrics.intake.template import bilingual
from metrics.models import MetricVersion
from metrics.periods import Period
from metrics.template_workbook import workbook
from metrics.units import shown
from reviewhub.people.models import Department
from tests import make
from tests.make import AT
from tests.metrics import figures, uploads

TABLES = [one.table for one in tidy_templates.everything()]
OCTOBER = Period.parse("2026-10")
# Computed by the product from its own records, not from a file of these tables.
OWN = {"EXE_ACT_OT", "EXE_KR_ATT"}

# code → (sum of, over or "", rows that count or ""), as expressions of pandas.
IN_PANDAS = {
    "SAL_GROSS": ("gross", "", ""),
    "SAL_DISC": ("discount", "", ""),
    "SAL_REF": ("refund", "", ""),
    "SAL_SHIPREV": ("shipping", "", ""),
    "SAL_TAX": ("tax", "", ""),
    "SAL_UNITS": ("units", "", ""),
    "SAL_ORD": ("orders", "", ""),
    "SAL_RET_UNITS": ("units_returned", "", ""),
    "SAL_SELLTHRU": ("sold", "one", "in_stock_days > 0"),
    "SAL_SLOW_VAL": ("stock_value", "", "slow == 'yes'"),
    "SAL_NEW_NET": ("net", "", "age < 90"),
    "SAL_NEW_CVR": ("orders", "sessions", "age < 90"),
    "SAL_NEW_SKU": ("one", "", "age <= 0"),
    "SAL_RATING": ("rating * reviews", "reviews", ""),
    "SC_OOS": ("active_days - in_stock_days", "active_days", ""),
    "SAL_PLATFEE": ("amount", "", ""),
    "MKT_SPEND_AD": ("amount", "", "spend_type == 'ad'"),
    "MKT_SPEND_SOC": ("amount", "", "spend_type == 'soc'"),
    "MKT_SPEND_KOL": ("amount", "", "spend_type == 'kol'"),
    "MKT_SPEND_OTH": ("amount", "", "spend_type == 'oth'"),
    "MKT_SPEND_ACQ": ("amount", "", "purpose == 'acq'"),
    "MKT_IMP": ("impressions", "", ""),
    "MKT_CLK": ("clicks", "", ""),
    "MKT_AD_ORD": ("orders_dedup", "", ""),
    "MKT_ATTR_SALES": ("sales_dedup", "", ""),
    "MKT_ATTR_CM": ("cm_dedup", "", ""),
    "MKT_PLAT_SALES": ("sales_console", "", ""),
    "MKT_AD_SALES": ("sales_console", "", ""),
    "MKT_NEWCUST": ("new", "", ""),
    "MKT_REACT": ("reactivated", "", ""),
    "MKT_ACTIVE": ("active90", "", "last"),
    "MKT_REPEAT": ("repeat_num", "repeat_den", ""),
    "MKT_RET90": ("retained90", "cohort90", ""),
    "MKT_LTV180": ("value180", "cohort180", ""),
    "MKT_FOLLOW": ("followers_end", "", "last"),
    "MKT_REACH": ("reach", "", "last"),
    "MKT_ENG": ("engagements", "", ""),
    "MKT_AWARE": ("value * weight", "weight", "note_type == 'awareness'"),
    "MKT_MKT_YOY": ("value * weight", "weight", "note_type == 'market_growth'"),
    "MKT_SHARE": ("value * weight", "weight", "note_type == 'market_share'"),
    "MKT_PRICE_IDX": ("value * weight", "weight", "note_type == 'price_index'"),
    "MKT_BRAND_SEARCH": ("value * weight", "weight", "note_type == 'brand_search'"),
    "MKT_COMP_EVT": ("one", "", "note_type in ['competitor', 'consumer', 'policy']"),
    "MKT_SESS": ("sessions", "", ""),
    "MKT_ENGSESS": ("engaged", "", ""),
    "TEC_CART_CVR": ("paid", "carts", ""),
    "TEC_PAY_OK": ("paid", "checkouts", ""),
    "TEC_LCP": ("lcp_p75 * sessions", "sessions", ""),
    "TEC_INP": ("inp_p75 * sessions", "sessions", ""),
    "SC_INV_UNITS": ("units", "", "last"),
    "SC_INV_VAL": ("value", "", "last"),
    "SC_AGED180": ("aged_value", "value", "last"),
    "SC_DOC": ("sellable_units * 30", "forecast30", ""),
    "SC_WH_UTIL": ("cbm_used", "cbm_capacity", ""),
    "SC_WH_ACC": ("matched", "counted", ""),
    "SC_LT_SUP": ("(t_ready_n - t_po_n) * units", "units", ""),
    "SC_LT_QC": ("(t_qc_n - t_ready_n) * units", "units", ""),
    "SC_LT_FL": ("(t_arrive_n - t_qc_n) * units", "units", ""),
    "SC_LT_PUT": ("(t_sellable_n - t_arrive_n) * units", "units", ""),
    "SC_PPV": ("(price - std_price) * units", "std_price * units", ""),
    "SC_SUP_OTIF": ("otif", "one", ""),
    "SC_SHIP_PCL": ("shipped", "", ""),
    "SC_DLV_RATE": ("delivered30", "shipped", ""),
    "SC_OTD": ("promise_met", "promise_due", ""),
    "SC_OTD_SLA": ("sla_met", "sla_due", ""),
    "SC_EXC": ("lost + damaged + held + sent_back + bad_address", "shipped", ""),
    "SC_DLV_DAYS": ("days_sum", "delivered30", ""),
    "SC_O2D": ("door_days_sum", "delivered30", ""),
    "SC_WH_DISP": ("dispatch_hours * shipped", "shipped", ""),
    "SC_WH_SDS": ("dispatched24", "dispatch_due", ""),
    "SAL_ORD_SHIPPED": ("orders_shipped", "", ""),
    "SC_PERFECT": ("perfect_orders", "orders_shipped", ""),
    "SC_FL_COST": ("first_leg", "", ""),
    "SC_DUTY": ("duty", "", ""),
    "SC_LM_COST": ("last_mile", "", ""),
    "SC_WH_STOR": ("storage", "", ""),
    "SC_WH_HAND": ("handling", "", ""),
    "SC_WH_STOR_CBM": ("storage", "cbm_days", ""),
    "SC_YIELD": ("passed_first", "inspected", ""),
    "SC_SUP_SCORE": ("score", "one", ""),
    "SC_CUST_DEFECT": ("complaints", "sold", ""),
    "CS_CONTACT": ("contacts", "", ""),
    "CS_FRT": ("frt_median * contacts", "contacts", ""),
    "CS_FRT_24": ("replied24", "need_reply", ""),
    "CS_RES": ("resolve_median * contacts", "contacts", ""),
    "CS_CSAT": ("csat_pos", "csat_n", ""),
    "CS_CSAT_RR": ("csat_n", "invited", ""),
    "FIN_REV": ("amount", "", "pnl_line == 'revenue'"),
    "FIN_COGS_PROD": ("amount", "", "pnl_line == 'cogs_product'"),
    "FIN_COGS_FRT": ("amount", "", "pnl_line == 'cogs_fulfilment'"),
    "FIN_COGS_OTH": ("amount", "", "pnl_line == 'cogs_other'"),
    "FIN_SURTAX": ("amount", "", "pnl_line == 'surtax'"),
    "FIN_EXP_SELL": ("amount", "", "pnl_line.str.startswith('selling')"),
    "FIN_EXP_MKT": ("amount", "", "pnl_line == 'selling_marketing'"),
    "FIN_EXP_PLAT": ("amount", "", "pnl_line == 'selling_platform'"),
    "FIN_EXP_GA": ("amount", "", "pnl_line == 'admin'"),
    "FIN_EXP_RD": ("amount", "", "pnl_line == 'research'"),
    "FIN_EXP_FIN": ("amount", "", "pnl_line == 'finance'"),
    "FIN_OTH": ("amount", "", "pnl_line == 'other_net'"),
    "FIN_TAX": ("amount", "", "pnl_line == 'tax'"),
    "REC_CUTOFF": ("amount", "", "pnl_line == 'bridge_cutoff'"),
    "REC_FX": ("amount", "", "pnl_line == 'bridge_fx'"),
    "REC_RETEST": ("amount", "", "pnl_line == 'bridge_returns'"),
    "REC_OTHER": ("amount", "", "pnl_line == 'bridge_other'"),
    "FIN_ASSET": ("signed", "", "is_asset"),
    "FIN_LIAB": ("amount", "", "balance_line in ['payables', 'tax_payable', 'accruals', 'loans']"),
    "FIN_EQ": ("amount", "", "balance_line in ['capital', 'other_income', 'retained']"),
    "FIN_AR": ("signed", "", "balance_line in ['receivables', 'platform_balances', 'bad_debt']"),
    "FIN_AP": ("amount", "", "balance_line == 'payables'"),
    "FIN_INV": ("signed", "", "balance_line in ['inventory', 'inventory_provision']"),
    "FIN_INV_PROV": ("amount", "", "balance_line == 'inventory_provision'"),
    "FIN_CFO": ("amount", "", "cashflow_line in ['customers', 'suppliers', 'staff', 'taxes', 'other_operating']"),
    "FIN_CFI": ("amount", "", "cashflow_line in ['capex', 'other_investing']"),
    "FIN_CFF": ("amount", "", "cashflow_line in ['loans', 'dividends', 'capital']"),
    "FIN_CFX": ("amount", "", "cashflow_line == 'exchange'"),
    "FIN_CASH_BEG": ("amount", "", "cashflow_line == 'opening'"),
    "FIN_CASH_END": ("amount", "", "cashflow_line == 'closing'"),
    "FIN_CAPEX": ("-amount", "", "cashflow_line == 'capex'"),
    "FIN_BUD": ("amount", "", "budget_kind == 'budget'"),
    "FIN_ACT": ("amount", "", "budget_kind == 'actual'"),
    "SAL_TGT": ("amount", "", "budget_kind == 'sales_target'"),
    "TEC_UPTIME": ("total_min - down_min", "total_min", ""),
    "TEC_ERR": ("errors_5xx", "requests", ""),
    "TEC_DATA_FRESH": ("runs_ok", "runs_due", ""),
    "TEC_FEAT_OT": ("features_ok", "features_due", ""),
    "TEC_FEAT_ADOPT": ("users_used", "users_target", ""),
}  # fmt: skip
# For each row, in this order, each of these may not be larger than the one before.
FALLING = {
    "sales_daily": [("gross", "discount")],
    "orders_daily": [("units", "orders")],
    "returns_cohort": [("units_sold", "units_returned")],
    "sku_month": [("active_days", "in_stock_days")],
    "ads_daily": [("impressions", "clicks")],
    "customers": [("repeat_den", "repeat_num"), ("cohort90", "retained90")],
    "web_daily": [("sessions", "carts", "checkouts", "paid"), ("sessions", "engaged")],
    "stock_moves": [("counted", "matched")],
    "shipments_cohort": [("promise_due", "delivered30", "promise_met"), ("orders_shipped", "perfect_orders")],
    "quality": [("inspected", "passed_first"), ("lots", "lots_ok")],
    "service_week": [("need_reply", "replied24"), ("csat_n", "csat_pos")],
    "tech_week": [("total_min", "down_min"), ("runs_due", "runs_ok"), ("features_due", "features_ok")],
}


def rows_of(template) -> list[dict]:
    """Rows that a careful person might fill in: every choice, several days or one month, no key twice."""
    rng, count = random.Random(template.table), {"balance": 16, "cashflow": 13}.get(template.table, 40)
    rows = [
        {column.name: value(column, number, rng) for column in template.columns} for number in range(count)
    ]
    for row in rows:
        for order in FALLING.get(template.table, []):
            for name, amount in zip(order, sorted((row[one] for one in order), reverse=True), strict=True):
                row[name] = amount
        consistent(template.table, row)
    return rows


def value(column, number, rng):
    if column.name == "remark":
        return ""
    if column.name == "currency":
        return "CNY"
    if column.type == "month":
        return OCTOBER.start
    if column.type == "date":
        return OCTOBER.start + dt.timedelta(days=number * 3 % 31)
    if column.choices:
        words = list(column.choices.items())
        code, texts = words[number % len(words)]
        return rng.choice([code, texts["zh"], texts["en"], bilingual(texts)])
    if column.values:
        return column.values[number]
    if column.type == "integer":
        return rng.randint(1, 30 if column.maximum else 900)
    if column.type == "decimal":
        return Decimal(rng.randint(100, 400 if column.maximum == "5" else 9_999)) / 100
    return f"{column.name}{number:02}"


def consistent(table, row) -> None:
    """What the rules of a table say about several columns."""
    if table == "stock_moves":
        row["closing"] = row["opening"] + row["moved_in"] + row["adjusted"]
        row["moved_out"] = 0
    if table == "shipments_cohort":
        row["shipped"] = row["delivered30"] + row["in_transit"] + row["failed"]
    if table == "lots":
        days = sorted(OCTOBER.start - dt.timedelta(days=row["units"] % 90 + step) for step in (3, 9, 14, 40))
        row |= dict(zip(("t_po", "t_ready", "t_qc", "t_arrive"), days, strict=True))
        row["promised"] = row["t_ready"] + dt.timedelta(days=row["units"] % 6 - 1)
        row["received"] = row["ordered"] if row["units"] % 2 else row["ordered"] * 9 // 10
    if table == "sku_month":
        row["first_sellable"] = OCTOBER.start - dt.timedelta(days=row["sessions"] % 200 - 10)
    if table == "market_notes":
        row["source_date"] = OCTOBER.start


def coded(template, rows) -> pd.DataFrame:
    """The rows with the codes of their choices, and the columns that the expressions of pandas need besides."""
    frame = pd.DataFrame(rows)
    for column in template.columns:
        if column.choices:
            codes = {}
            for code, words in column.choices.items():
                codes |= {text: code for text in (code, words["zh"], words["en"], bilingual(words))}
            frame[column.name] = frame[column.name].map(codes)
    frame["one"] = 1
    for name in ("t_po", "t_ready", "t_qc", "t_arrive", "t_sellable"):
        if name in frame:
            frame[f"{name}_n"] = [day.toordinal() for day in frame[name]]
    if "in_stock_days" in frame:
        frame["age"] = [(OCTOBER.start - day).days for day in frame["first_sellable"]]
        frame["sold"] = (frame["units"] > 0).astype(int)
    if "age_band" in frame:
        frame["aged_value"] = frame["value"].where(frame["age_band"].isin(["181-365", "365+"]), Decimal(0))
        frame["sellable_units"] = frame["units"].where(frame["status"] == "sellable", 0)
    if "balance_line" in frame:
        less = frame["balance_line"].isin(["bad_debt", "inventory_provision"])
        frame["signed"] = frame["amount"].where(~less, -frame["amount"])
        owned = ["cash", "receivables", "platform_balances", "inventory", "prepayments", "fixed_assets"]
        frame["is_asset"] = less | frame["balance_line"].isin(owned)
    if "promised" in frame:
        late = pd.Series(
            [(ready - day).days for ready, day in zip(frame["t_ready"], frame["promised"], strict=True)]
        )
        frame["otif"] = (late.between(-2, 2) & (frame["received"] * 100 >= frame["ordered"] * 98)).astype(int)
    return frame


def computed(code: str, frame: pd.DataFrame, day: str) -> Decimal:
    total, over, where = IN_PANDAS[code]
    if where == "last":
        frame = frame[frame[day] == frame[day].max()]
    elif where:
        frame = frame.query(where, engine="python")
    sums = [
        sum((Decimal(str(one)) for one in eval(text, {}, dict(frame.items()))), Decimal(0))  # noqa: S307
        for text in (total, over)
        if text
    ]
    return sums[0] / sums[1] if over else sums[0]


@pytest.fixture
def dictionary(db):
    figures.dictionary_of_today()
    make.company()


@pytest.mark.parametrize("table", TABLES)
def test_a_filled_workbook_gives_the_figures_that_pandas_computes(table, dictionary, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    template = tidy_templates.named(table)
    rows = rows_of(template)
    job = uploads.imported(
        workbook(template, {}, rows),
        at=AT,
        name=f"{table}.xlsx",
        period=OCTOBER,
        department=make.department(department_of(template)),
    )
    assert job.outcome["status"] == "accepted", job.outcome["findings"][:3]
    assert (job.profile, job.outcome["rows_excluded"].get("template_row")) == (template.profile, 2)
    frame, definitions = coded(template, rows), Definitions.on(OCTOBER.last)
    day = Profile.load(template.profile).day
    for code in set(template.metrics) & set(IN_PANDAS):
        reading = readings.reading(code, OCTOBER, on=AT.date())
        places = definitions[code].places
        assert reading.value is not None, (code, str(reading.why))
        assert shown(reading.value, places) == shown(computed(code, frame, day), places), code


def department_of(template) -> str:
    return Department.objects.named(template.department).get().code


def test_every_metric_that_is_on_and_comes_from_files_has_exactly_one_template(dictionary):
    delivered = [code for one in tidy_templates.everything() for code in one.metrics]
    assert len(delivered) == len(set(delivered))
    uploaded = MetricVersion.objects.exclude(engine="app").exclude(metric__pack="extended")
    assert set(uploaded.values_list("metric__code", flat=True)) - set(delivered) == OWN
    shares = {"SAL_TOP20_SHARE", "SAL_LIFECYCLE", "FX_AVERAGE", "FX_CLOSING", "FX_BUDGET"}
    assert set(delivered) - set(IN_PANDAS) == shares


@pytest.mark.parametrize("table", TABLES)
def test_an_untouched_workbook_is_known_and_has_no_rows(table, tmp_path):
    template = tidy_templates.named(table)
    path = tmp_path / f"{table}.xlsx"
    path.write_bytes(workbook(template, {}))
    assert path.read_bytes() == workbook(template, {}), "the same template gives the same bytes"
    assert intake.detect(path, path.name, Profile.shipped()) == template.profile
    outcome = intake.check(
        path, path.name, Profile.load(template.profile), period=(OCTOBER.start, OCTOBER.end)
    )
    assert [one.code for one in outcome.findings] == ["NO_ROWS"]
    assert outcome.rows_excluded == {"template_row": 2}


def handed_in(table, rows, tmp_path, settings, period=OCTOBER):
    settings.MEDIA_ROOT = tmp_path
    template = tidy_templates.named(table)
    return uploads.imported(
        workbook(template, {}, rows),
        at=AT,
        name=f"{table}.xlsx",
        period=period,
        department=make.department(department_of(template)),
    )


def sku(number, net, **other) -> dict:
    row = {
        "month": OCTOBER.start,
        "sku": f"S{number}",
        "category": "pet",
        "net": net,
        "units": 1,
        "active_days": 31,
    }
    row |= {"in_stock_days": 31, "first_sellable": dt.date(2025, 1, 1), "stock_value": 5, "slow": "no"}
    return row | {"currency": "CNY"} | other


def test_the_top_fifth_of_the_skus_is_found_by_the_product(dictionary, tmp_path, settings):
    rows = [sku(number, net) for number, net in enumerate([400, 10, 20, 30, 250, 40, 50, 60, 70, 70, -9, 0])]
    assert handed_in("sku_month", rows, tmp_path, settings).outcome["status"] == "accepted"
    # Ten SKUs have sales: two are the top fifth. Returns of the one below zero count in the whole.
    value = readings.reading("SAL_TOP20_SHARE", OCTOBER, on=AT.date()).value
    assert value == Decimal(650) / Decimal(991)


def test_stages_of_several_skus_have_no_sum(dictionary, tmp_path, settings):
    rows = [sku(1, 5, stage="成长"), sku(2, 5, stage="Decline")]
    handed_in("sku_month", rows, tmp_path, settings)
    assert readings.reading("SAL_LIFECYCLE", OCTOBER, on=AT.date()).why.code == "NOT_ADDITIVE_IN_TIME"
    one = readings.reading("SAL_LIFECYCLE", OCTOBER, where={"sku": "S2"}, on=AT.date())
    assert one.value == 4


def lcp(month, sessions, milliseconds) -> dict:
    row = {
        "date": dt.date(2026, month, 5),
        "country": "DE",
        "device": "mobile",
        "sessions": sessions,
        "engaged": 1,
    }
    return row | {"carts": 1, "checkouts": 1, "paid": 1, "lcp_p75": milliseconds}


def test_a_quarter_divides_the_sums_and_never_averages_ratios(dictionary, tmp_path, settings):
    for month, sessions, speed in ((7, 900, 2000), (8, 100, 4000), (9, 0, 9000)):
        period = Period.parse(f"2026-{month:02}")
        handed_in("web_daily", [lcp(month, sessions or 1, speed)], tmp_path, settings, period=period)
    reading = readings.reading("TEC_LCP", Period.parse("2026-Q3"), on=AT.date())
    assert reading.value == Decimal(900 * 2000 + 100 * 4000 + 9000) / 1001
    assert [row.value for row in readings.reading("TEC_LCP", Period.parse("2026-Q3"), grain="month").rows] == [
        2000, 4000, 9000,
    ]  # fmt: skip


def test_returns_for_logistic_reasons_are_a_part_of_the_returns(dictionary, tmp_path, settings):
    row = {"order_week": OCTOBER.start, "country": "DE", "category": "pet", "units_sold": 200}
    rows = [row | {"reason": "物流原因 / Logistics", "units_returned": 3}]
    rows += [row | {"reason": "质量问题", "units_returned": 5}]
    handed_in("returns_cohort", rows, tmp_path, settings)
    sold = {
        "date": OCTOBER.start,
        "store": "web",
        "country": "DE",
        "category": "pet",
        "gross": 9,
        "units": 200,
    }
    handed_in("sales_daily", [sold | {"currency": "CNY"}], tmp_path, settings)
    assert readings.reading("SAL_RET_LOG", OCTOBER).value == Decimal(3) / 200
    by_reason = readings.reading("SAL_RET_UNITS", OCTOBER, by=["reason"]).rows
    assert [(row.key["reason"], row.value) for row in by_reason] == [("quality", 5), ("logistics", 3)]


def test_stock_abroad_is_what_lies_in_overseas_warehouses_on_the_last_day(dictionary, tmp_path, settings):
    row = {"status": "sellable", "category": "pet", "age_band": "0-90", "value": 10, "currency": "CNY"}
    rows = [
        row | {"date": dt.date(2026, 10, day), "warehouse": name, "location": kind, "units": units}
        for day, name, kind, units in (
            (15, "hamburg", "海外仓", 70), (31, "hamburg", "海外仓", 50), (31, "ningbo", "国内仓", 400),
        )
    ]  # fmt: skip
    handed_in("stock_snapshot", rows, tmp_path, settings)
    assert readings.reading("SC_INV_UNITS", OCTOBER).value == 450
    assert readings.reading("SC_WH_UNITS", OCTOBER).value == 50
    by_house = readings.reading("SC_INV_UNITS", OCTOBER, by=["warehouse"]).rows
    assert [(one.key["warehouse"], one.value) for one in by_house] == [("ningbo", 400), ("hamburg", 50)]


def test_an_example_that_was_left_in_is_left_out_and_a_row_without_its_mark_is_not(
    dictionary, tmp_path, settings
):
    row = {"date": OCTOBER.start, "store": "web", "country": "DE", "orders": 5}
    rows = [
        row,
        row | {"country": "FR", "remark": "EXAMPLE of mine"},
        row | {"country": "IT", "remark": "late"},
    ]
    job = handed_in("orders_daily", rows, tmp_path, settings)
    assert (job.outcome["totals"]["SAL_ORD"], job.outcome["rows_excluded"]) == ("10", {"template_row": 3})


def test_a_word_that_is_not_on_the_list_is_refused(dictionary, tmp_path, settings):
    row = {"month": OCTOBER.start, "cashflow_line": "Dividents", "amount": 5, "currency": "CNY"}
    job = handed_in("cashflow", [row], tmp_path, settings)
    assert uploads.codes(job) == ["VALUE_UNKNOWN"]


@pytest.mark.parametrize(
    "spoilt", ["table: x", "position: 1\n  row: {zh: a, en: b}", "row: {zh: a}\n  table: x\n  position: 1"]
)
def test_a_template_that_lacks_a_part_is_refused_with_its_name(spoilt):
    spec = tidy_templates_spec("fx").replace("  table: fx\n", f"  {spoilt}\n", 1)
    spec = (
        spec.replace("  position: 23\n", "").split("  note:\n")[0]
        + "\n\ncolumns:"
        + spec.split("columns:")[1]
    )
    with pytest.raises(ProfileError, match="template"):
        Profile.parse(spec)


def tidy_templates_spec(name) -> str:
    return Path(f"metrics/profiles/{name}.yaml").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_command_writes_a_workbook_and_names_what_there_is(tmp_path, capsys):
    target = tmp_path / "orders.xlsx"
    call_command("profiles", "template", "orders-daily", str(target))
    assert target.read_bytes()[:2] == b"PK"
    with pytest.raises(CommandError, match="there are sales_daily, orders_daily"):
        call_command("profiles", "template", "nothing", str(target))


def test_colleagues_get_every_template_and_the_partner_its_own(client, people, dictionary):
    client.force_login(people["marketing"])
    page = client.get("/templates/").content.decode()
    assert page.count(".xlsx") == len(TABLES) == 24
    answer = client.get("/templates/spend.xlsx")
    assert (
        answer["Content-Disposition"] == 'attachment; filename="spend.xlsx"' and answer.content[:2] == b"PK"
    )
    client.force_login(people["logistics"])
    assert client.get("/templates/").content.decode().count(".xlsx") == 2
    assert client.get("/templates/pnl.xlsx").status_code == 404
    assert client.get("/templates/lots").status_code == 404


def test_the_data_page_leads_to_the_template_of_each_kind(client, people, dictionary):
    make.review("2026-10")
    client.force_login(people["tech"])
    page = client.get("/submissions/").content.decode()
    assert "/templates/web_daily.xlsx" in page and "/templates/#templates-technology" in page
