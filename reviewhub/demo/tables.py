"""Pure. Every table that the departments of the made-up seller hand in, consistent with each other.

Columns are those of the templates; amounts and other decimals are whole numbers of 10⁻⁴, days are timestamps.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewhub.demo import books, market, marketing, selling, serving, supplying
from reviewhub.demo.amounts import months_of

SEED = 20_240_917


@dataclass
class Handed:
    """`tables` by name; `books`: one row for each month with the amounts behind the statements."""

    tables: dict[str, pd.DataFrame]
    books: pd.DataFrame
    stock: supplying.Stock


def handed_in(before: dt.date) -> Handed:
    """The tables of the 26 months that end before `before`'s month."""
    rng = np.random.default_rng(SEED)
    sales, orders = selling.daily(*market.sales(before))
    days = pd.DatetimeIndex(sorted(sales["date"].unique()))
    months = pd.DatetimeIndex(sorted(months_of(pd.Series(days)).unique()))
    held = supplying.stock(sales, rng)
    found = {"sales_daily": sales, "orders_daily": orders, "returns_cohort": selling.returns(sales, rng)}
    found |= {"sku_month": selling.skus(sales, held.value, rng), "platform_fees": selling.fees(sales)}
    found["web_daily"], found["ads_daily"] = selling.website(orders, rng), marketing.ads(sales, rng)
    found["spend"] = marketing.spend(found["ads_daily"], sales)
    found |= {"customers": marketing.customers(orders, rng), "social_week": marketing.social(days, rng)}
    found["market_notes"] = marketing.notes(months, list(market.CATEGORIES), rng)
    found |= {"stock_snapshot": supplying.snapshots(held), "stock_moves": supplying.moves(held, rng)}
    found["lots"] = supplying.lots(held, rng)
    found["quality"] = supplying.quality(found["lots"], rng)
    found["shipments_cohort"] = supplying.parcels(orders, rng)
    found["logistics_cost"] = supplying.costs(found["shipments_cohort"], held, rng)
    found |= {"service_week": serving.service(orders, rng), "tech_week": serving.systems(days, rng)}
    ledger = books.monthly(found, held, rng)
    found |= books.statements(ledger, sales)
    found |= {"budget": books.budget(ledger, sales, rng), "fx": books.rates(months, rng)}
    return Handed(found, ledger, held)
