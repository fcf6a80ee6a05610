"""Pure. The tables of customer service and of the systems of the made-up seller."""

import pandas as pd

from reviewhub.demo.amounts import count, split_weeks

REASONS = {"delivery": 0.42, "return": 0.23, "product": 0.19, "quality": 0.16}
CHANNELS = {"email": (0.3, 7.2), "chat": (0.25, 0.8), "marketplace": (0.45, 4.9)}


def service(orders: pd.DataFrame, rng) -> pd.DataFrame:
    """service_week: seven contacts for each hundred orders in two countries."""
    asked = orders[orders["country"].isin(["United States", "Germany"])]
    asked = (
        asked.assign(week=split_weeks(asked["date"]))
        .groupby(["week", "country"])["orders"]
        .sum()
        .reset_index()
    )
    parts = []
    for channel, (share, hours) in CHANNELS.items():
        for reason, weight in REASONS.items():
            frame = asked.assign(service_channel=channel, contact_reason=reason)
            frame["contacts"] = (
                count(frame["orders"] * 0.07 * share * weight * rng.uniform(0.8, 1.2, len(frame))) + 1
            )
            frame["frt_median"] = count(hours * rng.uniform(0.85, 1.2, len(frame)) * 10) * 1_000
            frame["resolve_median"] = frame["frt_median"] * 4
            parts.append(frame.drop(columns="orders"))
    whole = pd.concat(parts, ignore_index=True)
    whole["need_reply"] = whole["contacts"]
    whole["replied24"] = rng.binomial(whole["contacts"], 0.93)
    whole["invited"] = rng.binomial(whole["contacts"], 0.7)
    whole["csat_n"] = rng.binomial(whole["invited"], 0.31)
    whole["csat_pos"] = rng.binomial(whole["csat_n"], 0.86)
    return whole


def systems(days: pd.DatetimeIndex, rng) -> pd.DataFrame:
    """tech_week: four systems."""
    weeks = pd.Series(days, name="week").groupby(split_weeks(pd.Series(days))).size()
    parts = []
    for system, down in {"web": 9, "erp": 14, "payments": 4, "data": 20}.items():
        frame = pd.DataFrame({"week": weeks.index, "system": system, "total_min": weeks.to_numpy() * 1_440})
        frame["down_min"] = rng.poisson(down * weeks.to_numpy() / 7)
        frame["requests"] = weeks.to_numpy() * count(rng.uniform(210_000, 260_000, len(weeks)))
        frame["errors_5xx"] = rng.binomial(frame["requests"], 0.00021)
        frame["runs_due"] = weeks.to_numpy() * 8
        frame["runs_ok"] = rng.binomial(frame["runs_due"], 0.981)
        frame["features_due"] = rng.integers(0, 4, len(weeks))
        frame["features_ok"] = rng.binomial(frame["features_due"], 0.78)
        frame["users_target"], frame["users_used"] = 900, rng.binomial(900, 0.36, len(weeks))
        parts.append(frame.assign(total_min=frame["total_min"] * 10_000, down_min=frame["down_min"] * 10_000))
    return pd.concat(parts, ignore_index=True)
