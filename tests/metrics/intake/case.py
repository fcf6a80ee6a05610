"""What a case of the corpus of bad inputs says, and the small files that cases are made of."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from metrics.intake import Limits

TEST_PROFILE = """
profile: test-monthly
version: 1
title: {en: Monthly test template, zh: 月度测试模板}
department: sales
grain: month
time_zone: Asia/Shanghai
columns:
  month:    {type: month, headers: [月份, Month]}
  platform: {type: choice, values: [Amazon, eBay, TikTok Shop], headers: [平台, Platform]}
  region:   {type: choice, values: [EU, NA, JP, CN], headers: [区域, Region]}
  sku:      {type: code, required: false, blank: true, headers: [SKU]}
  order:    {type: code, required: false, blank: true, headers: [订单号, Order ID]}
  gmv:      {type: decimal, min: 0, headers: [销售额, GMV]}
  rate:     {type: ratio, min: 0, max: 1, required: false, blank: true, headers: [退货率, Return rate]}
  change:   {type: decimal, required: false, blank: true, headers: [变动, Change]}
  note:     {type: text, required: false, blank: true, headers: [备注, Note]}
day: month
currency: {constant: CNY}
dimensions:
  platform: {column: platform}
  region: {column: region}
key: [month, platform, region, sku]
metrics:
  SAL_GROSS: {sum: gmv}
"""
MONTHLY = "test-monthly"


@dataclass(frozen=True)
class Case:
    """One bad input. `profile` is the name of a shipped profile, or MONTHLY for TEST_PROFILE."""

    id: str
    name: str
    file_name: str
    build: Callable[[], bytes] = field(repr=False)
    expected_codes: frozenset[str] = frozenset()
    expected_status: str = "rejected"
    profile: str = MONTHLY
    http_status: int = 422
    places: tuple[tuple[str, int, str], ...] = ()
    limits: Limits = Limits()
    period: tuple[dt.date, dt.date] | None = None
    totals: dict | None = None
    seconds: float = 5.0

    @property
    def test_id(self) -> str:
        return f"{self.id}-{self.name}"


def case(id_, name, build, codes="", status=None, file_name="table.csv", **more):
    """A case; without codes the file is expected to be accepted."""
    expected = frozenset(codes.split())
    status = status or ("rejected" if expected else "accepted")
    http = more.pop("http_status", 200 if status in ("accepted", "warnings") else 422)
    made = build if callable(build) else (lambda: build)
    return Case(id_, name, file_name, made, expected, status, http_status=http, **more)


HEADERS = "Month,Platform,Region,GMV"
GOOD = "2026-03,Amazon,EU,100.50"


def csv(*rows, header=HEADERS, end="\n", encoding="utf-8"):
    """A small file of the monthly template."""
    return (end.join([header, *rows]) + end).encode(encoding)


def column(header, *values):
    """A file whose last column is `header` with the values, one row each; keys differ by row."""
    places = [(p, r) for r in ("EU", "NA", "JP", "CN") for p in ("Amazon", "eBay", "TikTok Shop")]
    rows = [f"2026-03,{places[i][0]},{places[i][1]},1,{value}" for i, value in enumerate(values)]
    return csv(*rows, header=f"{HEADERS},{header}")


def gmv(*values):
    """A file with these values as GMV, quoted, one row each."""
    places = [(p, r) for r in ("EU", "NA", "JP", "CN") for p in ("Amazon", "eBay", "TikTok Shop")]
    return csv(*(f'2026-03,{places[i][0]},{places[i][1]},"{value}"' for i, value in enumerate(values)))
