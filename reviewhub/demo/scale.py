"""The demo company at ten million fact rows: the daily sales by product, with the same totals to the cent.

Everything happens inside the database, month by month: each row of the daily sales becomes one for each of some
products of its category, whose values add up to it exactly, and the month's roll-ups are built anew.
"""

from collections.abc import Callable

from django.db import connection

from metrics import summaries
from metrics.models import Member, MetricVersion, Observation, RollUp, Slice, Submission, Summary
from reviewhub.demo import market

ROWS = 10_000_000
PROFILE = "sales-daily"
WHOLE = 1_000  # parts of a row are thousandths of it
FACTS, SUMS, SUMMARIES, SLICES = (
    f'"{model._meta.db_table}"' for model in (Observation, RollUp, Summary, Slice)
)
COLUMNS = "submission_id, metric, grain, period_key, slice_id, value, currency, rows"
SPLIT = f"""
    INSERT INTO {FACTS} (submission_id, metric, day, slice_id, value, currency, rows)
    SELECT fact.submission_id, fact.metric, fact.day, part.part_id,
           fact.value * part.upto / {WHOLE} - fact.value * part.since / {WHOLE}, fact.currency, fact.rows
    FROM {FACTS} fact JOIN demo_parts part ON part.slice_id = fact.slice_id WHERE fact.submission_id = %s
"""
WITHOUT = f"DELETE FROM {FACTS} WHERE submission_id = %s AND slice_id IN (SELECT slice_id FROM demo_parts)"
# The ISO year and week of a day; SQLite counts them by the Thursday of the week.
KEYS = {
    "postgresql": {
        "M": "(extract(year FROM day) * 100 + extract(month FROM day))::int",
        "W": "(extract(isoyear FROM day) * 100 + extract(week FROM day))::int",
    },
    "sqlite": {
        "M": "CAST(strftime('%%Y%%m', day) AS INTEGER)",
        "W": "CAST(strftime('%%Y', day, '-3 days', 'weekday 4') AS INTEGER) * 100"
        " + (CAST(strftime('%%j', day, '-3 days', 'weekday 4') AS INTEGER) - 1) / 7 + 1",
    },
}


def enlarge(rows: int = ROWS, *, tell: Callable[[str], None] = lambda line: None) -> int:
    """Split the daily sales so that the company has about `rows` facts; returns how many it has."""
    stocks = MetricVersion.objects.filter(time_agg="last", metric__code__in=_metrics())
    if stocks.exists():
        raise ValueError("a stock cannot be split by days")
    pks = list(
        Submission.objects.filter(profile=PROFILE)
        .order_by("period_start", "number")
        .values_list("pk", flat=True)
    )
    daily = Observation.objects.filter(submission__in=pks).count()
    others = Observation.objects.count() - daily
    products = max(1, -(-(rows - others) // max(daily, 1)))
    _parts(pks, products)
    for place, pk in enumerate(pks, 1):
        _split(pk)
        tell(f"{place} of {len(pks)} months by product")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE demo_parts")
        for table in (FACTS, SUMS, SUMMARIES, SLICES):
            cursor.execute(f"ANALYZE {table}")
    return Observation.objects.count()


def _metrics() -> list[str]:
    found = Observation.objects.filter(submission__profile=PROFILE).order_by()
    return list(found.values_list("metric", flat=True).distinct())


def _parts(pks: list[int], products: int) -> None:
    """A table of the parts of each slice: product, and from which thousandth to which."""
    listed = market.products()
    slices = Slice.objects.filter(pk__in=Observation.objects.filter(submission__in=pks).values("slice_id"))
    new, spans = [], []
    for row in slices.order_by("pk"):
        own = listed[listed["category"] == row.category].head(products)
        weights = own["weight"].to_numpy()
        upto = (weights.cumsum() * WHOLE / weights.sum()).round().astype(int).tolist() or [WHOLE]
        upto[-1] = WHOLE
        for sku, since, until in zip(own["sku"].tolist() or ["-"], [0, *upto], upto, strict=False):
            key = f"{row.key}|sku={sku}"
            named = {
                name: getattr(row, name) for name in ("platform", "country", "category", "channel", "segment")
            }
            new.append(Slice(key=key, **named, other=row.other | {"sku": sku}))
            spans.append((row.pk, key, since, until))
    Slice.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    Member.objects.bulk_create(
        (Member(dimension="sku", code=one) for one in listed["sku"]), ignore_conflicts=True
    )
    known = dict(Slice.objects.values_list("key", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE demo_parts (slice_id bigint, part_id bigint, since bigint, upto bigint)"
        )
        cursor.executemany(
            "INSERT INTO demo_parts VALUES (%s, %s, %s, %s)",
            [(pk, known[key], since, until) for pk, key, since, until in spans],
        )
        cursor.execute("CREATE INDEX demo_parts_slice ON demo_parts (slice_id)")


def _split(pk: int) -> None:
    keys = KEYS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(SPLIT, [pk])
        cursor.execute(WITHOUT, [pk])
        cursor.execute(f"DELETE FROM {SUMS} WHERE submission_id = %s", [pk])
        for grain, key in keys.items():
            cursor.execute(
                f"INSERT INTO {SUMS} ({COLUMNS}) SELECT submission_id, metric, '{grain}', {key}, slice_id, SUM(value),"
                f" currency, SUM(rows) FROM {FACTS} WHERE submission_id = %s"
                f" GROUP BY submission_id, metric, {key}, slice_id, currency",
                [pk],
            )
    summaries.write([pk])
