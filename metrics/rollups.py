"""Week and month roll-ups of facts: sums, and of stocks the closing of each unit. Pages read nothing else."""

import pandas as pd

from metrics.models import MetricVersion
from metrics.models.observation import CLOSINGS

SUMS = (("W", "week"), ("M", "month"))
KEYS = ["submission_id", "metric", "grain", "period_key", "slice_id", "currency"]


def stock_codes() -> set[str]:
    """The metrics that count at the end of a period. One query."""
    return set(MetricVersion.objects.filter(time_agg="last").values_list("metric__code", flat=True))


def rolled_up(observed: pd.DataFrame, stocks: set[str]) -> pd.DataFrame:
    """Every roll-up of daily observations (submission_id, metric, day, slice_id, currency, value, rows)."""
    days = observed["day"]
    iso = days.dt.isocalendar()
    keys = {"W": iso.year * 100 + iso.week, "M": days.dt.year * 100 + days.dt.month}
    is_stock = observed["metric"].astype(str).isin(stocks)
    parts = []
    for grain, _name in SUMS:
        keyed = observed.assign(grain=grain, period_key=keys[grain].astype("int64"))
        parts.append(_summed(keyed))
        if is_stock.any():
            parts.append(_summed(_closing(keyed[is_stock]).assign(grain=CLOSINGS[grain])))
    return pd.concat(parts, ignore_index=True)


def _summed(keyed: pd.DataFrame) -> pd.DataFrame:
    return keyed.groupby(KEYS, sort=True, observed=True, as_index=False)[["value", "rows"]].sum()


def _closing(keyed: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last day that each submission reports of a metric in each unit."""
    last = keyed.groupby(["submission_id", "metric", "period_key"], observed=True)["day"].transform("max")
    return keyed[keyed["day"] == last]
