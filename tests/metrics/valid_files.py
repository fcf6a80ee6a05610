"""A right file of every tidy template and every platform profile, as the tests of each make them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from metrics import tidy_templates
from metrics.template_workbook import workbook
from tests.metrics import test_templates
from tests.metrics.platforms import test_amazon_ads as ads
from tests.metrics.platforms import test_amazon_business_report as business
from tests.metrics.platforms import test_amazon_fba as fba
from tests.metrics.platforms import test_amazon_settlement_v1 as settlement_1
from tests.metrics.platforms import test_amazon_settlement_v2 as settlement_2
from tests.metrics.platforms import test_amazon_transactions as transactions
from tests.metrics.platforms import test_ebay_and_wayfair as ebay_wayfair
from tests.metrics.platforms import test_ga4_export as ga4
from tests.metrics.platforms import test_google_and_meta_ads as google_meta
from tests.metrics.platforms import test_search_console as search
from tests.metrics.platforms import test_shopee_orders as shopee
from tests.metrics.platforms import test_shopify_orders as shopify
from tests.metrics.platforms import test_tiktok_shop_orders as tiktok
from tests.metrics.platforms import test_tmall_orders as tmall


@dataclass(frozen=True)
class Valid:
    """A right file: of which profile, by which name, department and period, with which settings."""

    profile: str
    name: str
    build: Callable[[], bytes]
    period: str
    department: str = "sales"
    settings: str = ""


def _of_template(template) -> Valid:
    def build():
        return workbook(template, {}, test_templates.rows_of(template))

    return Valid(template.profile, f"{template.table}.xlsx", build, "2026-10", template.department)


JUNE = dt.date(2026, 6, 3)
PLATFORMS = [
    Valid("amazon-ads", "ads.csv", lambda: ads.file("usd", "csv", ads.truth()), "2026-02", "marketing"),
    Valid("amazon-ads", "ads.xlsx", lambda: ads.file("inr", "xlsx", ads.truth()), "2026-02", "marketing"),
    Valid(
        "amazon-business-report", business.NAMES["de"], lambda: business.file("de", business.truth()), "2026-03"
    ),
    Valid("amazon-fba-inventory", "50012019.csv", lambda: fba.stock_file(fba.stock()), "2026-03", "SCM",
          "snapshot=2026-03-31"),
    Valid("amazon-settlement-v1", "1.txt", lambda: settlement_1.file(settlement_1.truth("11", JUNE)), "2026-06"),
    Valid("amazon-settlement-v2", "2.txt", settlement_2.file, "2026-06"),
    Valid("amazon-transactions", "t.csv", lambda: transactions.file("de", transactions.truth("de")), "2025-12"),
    Valid("ebay-orders", "e.csv", lambda: ebay_wayfair.ebay("us", ebay_wayfair.truth()), "2026-10"),
    Valid("ga4-export-by-day", "f.csv", lambda: ga4.file("en", ga4.truth()), "2026-01", "marketing"),
    Valid("google-ads", "g.csv", lambda: google_meta.google("en", "utf-16", google_meta.truth()), "2026-02",
          "marketing"),
    Valid("meta-ads", "m.csv", lambda: google_meta.meta("en", google_meta.truth()), "2026-02", "marketing"),
    Valid("search-console", "s.zip", lambda: search.package("en", search.truth()), "2026-03", "marketing"),
    Valid("shopee-orders", "o.xlsx", lambda: shopee.file("vi", shopee.truth()), "2026-01"),
    Valid("shopify-orders", "orders_export_1.csv", lambda: shopify.file(shopify.orders()), "2026-05"),
    Valid("tiktok-shop-orders", "a.csv", lambda: tiktok.file("dmy", tiktok.truth()), "2026-05", "sales",
          "currency=MYR"),
    Valid("tmall-orders", "ExportOrderList.csv", lambda: tmall.file("gb18030", tmall.truth()), "2026-02"),
]  # fmt: skip


@cache
def everything() -> tuple[Valid, ...]:
    return (*PLATFORMS, *map(_of_template, tidy_templates.everything()))


@cache
def content_of(valid: Valid) -> bytes:
    """Its bytes, made once."""
    return valid.build()
