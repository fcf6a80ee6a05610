"""Each peer by itself, in a process of its own: `python contestants.py NAME FILE CURRENCIES`, one JSON line as answer.

Every one does what its documentation recommends for speed: texts are read as texts, checks are whole columns. Runs
in the environment of benchmarks/requirements.txt; nothing of the product is imported.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import reference  # noqa: E402 - beside this file, and free of the product

MONEY, WHOLE = r"^-?[0-9]{1,14}(\.[0-9]{1,2})?$", r"^-?[0-9]{1,14}$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
RANGES = {"line": (WHOLE, 1, 999), "quantity": (WHOLE, 1, 10_000), "price": (MONEY, 0, None)}
RANGES["discount"] = (MONEY, 0, None)
FILLED = ("order", "country", "category")
FIRST, END = "2026-03-01", "2026-04-01"


def read_csv(path, currencies):
    """pandas.read_csv alone: reading without any check."""
    import pandas as pd  # noqa: PLC0415

    def work():
        pd.read_csv(path)

    return work


def read_text(path, currencies):
    """pandas.read_csv alone, all columns as text."""
    import pandas as pd  # noqa: PLC0415

    def work():
        pd.read_csv(path, dtype="str", keep_default_na=False)

    return work


def polars(path, currencies):
    import polars as pl  # noqa: PLC0415

    def work():
        frame = pl.read_csv(path, infer_schema=False).with_row_index("row", 2)
        frame = frame.with_columns(pl.col(pl.String).fill_null(""))
        bad = {name: pl.col(name).str.strip_chars() == "" for name in FILLED}
        bad["store"] = ~pl.col("store").is_in(list(reference.STORES))
        bad["currency"] = ~pl.col("currency").is_in(currencies)
        day = pl.col("date").str.to_date("%Y-%m-%d", strict=False)
        first, end = reference.FIRST, reference.END
        bad["date"] = (~pl.col("date").str.contains(DATE) | (day < first) | (day >= end)).fill_null(True)
        numbers = {}
        for name, (form, least, most) in RANGES.items():
            kind = pl.Int64 if form == WHOLE else pl.Decimal(18, 2)
            written = pl.col(name).str.contains(form)
            numbers[name] = pl.when(written).then(pl.col(name)).cast(kind, strict=False)
            outside = numbers[name] < least
            outside = outside | (numbers[name] > most) if most is not None else outside
            bad[name] = ~written | outside.fill_null(False)
        filled = pl.col("discount") != ""
        above = numbers["discount"] > numbers["quantity"] * numbers["price"]
        bad["discount"] = filled & (bad["discount"] | above.fill_null(False))
        bad["order"] = bad["order"] | ~pl.struct("order", "line").is_first_distinct()
        judged = frame.lazy().select("row", **bad).collect()
        return [
            (row, name)
            for name in bad
            for row in judged.lazy().filter(pl.col(name)).select("row").collect()["row"].to_list()
        ]

    return work


def pandera(path, currencies):
    import pandas as pd  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415

    def between(least, most):
        def held(cells):
            values = pd.to_numeric(cells, errors="coerce")
            return ~((values < least) | (values > most if most is not None else False))

        return pa.Check(held, name="between")

    def in_period(cells):
        days = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
        return (days >= FIRST) & (days < END)

    def is_covered(frame):
        numbers = {
            name: pd.to_numeric(frame[name], errors="coerce") for name in ("discount", "quantity", "price")
        }
        return ~(numbers["discount"] > numbers["quantity"] * numbers["price"] + 0.005)

    columns = {name: pa.Column(str, pa.Check.str_length(min_value=1)) for name in FILLED}
    columns["store"] = pa.Column(str, pa.Check.isin(sorted(reference.STORES)))
    columns["currency"] = pa.Column(str, pa.Check.isin(currencies))
    columns["date"] = pa.Column(str, pa.Check(in_period, name="in_period"))
    for name, (form, least, most) in RANGES.items():
        form = form if name != "discount" else f"{form}|^$"
        columns[name] = pa.Column(str, [pa.Check.str_matches(form), between(least, most)])
    schema = pa.DataFrameSchema(
        columns, checks=pa.Check(is_covered, name="covered"), unique=["order", "line"]
    )

    def work():
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            cases = errors.failure_cases
        else:
            return []
        cases = cases.assign(column=cases["column"].where(cases["check"] != "covered", "discount"))
        is_key = cases["check"].astype(str).str.startswith("multiple_fields_unique")
        first = frame[["order", "line"]].duplicated()
        found = set(zip(cases.loc[~is_key, "index"] + 2, cases.loc[~is_key, "column"], strict=True))
        found |= {(row + 2, "order") for row in first[first].index.tolist()}
        return [(int(row), name) for row, name in found if name in columns]

    return work


def great_expectations(path, currencies):
    import logging  # noqa: PLC0415

    import great_expectations as gx  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    logging.disable(logging.WARNING)
    expect = gx.expectations
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("files")
    batch = source.add_dataframe_asset("lines").add_batch_definition_whole_dataframe("all")
    rules = [expect.ExpectColumnValueLengthsToBeBetween(column=name, min_value=1) for name in FILLED]
    rules += [expect.ExpectColumnValuesToBeInSet(column="store", value_set=sorted(reference.STORES))]
    rules += [expect.ExpectColumnValuesToBeInSet(column="currency", value_set=currencies)]
    rules += [expect.ExpectColumnValuesToBeBetween(column="day", min_value=FIRST, max_value="2026-03-31")]
    rules += [expect.ExpectColumnValuesToNotBeNull(column="day")]
    for name, (form, least, most) in RANGES.items():
        form = form if name != "discount" else f"{form}|^$"
        rules += [expect.ExpectColumnValuesToMatchRegex(column=name, regex=form)]
        rules += [expect.ExpectColumnValuesToBeBetween(column=f"{name}_", min_value=least, max_value=most)]
    rules += [
        expect.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="value", column_B="discount_", or_equal=True, ignore_row_if="either_value_is_missing"
        )
    ]
    rules += [expect.ExpectCompoundColumnsToBeUnique(column_list=["order", "line"])]
    suite = gx.ExpectationSuite(name="lines", expectations=rules)
    check = gx.ValidationDefinition(name="check", data=batch, suite=suite)
    context.suites.add(suite)
    context.validation_definitions.add(check)

    def work():
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        for name in RANGES:
            frame[f"{name}_"] = pd.to_numeric(frame[name], errors="coerce")
        frame["day"] = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
        frame["day"] = frame["day"].dt.strftime("%Y-%m-%d").fillna("")
        frame["value"] = frame["quantity_"] * frame["price_"] + 0.005
        answer = check.run(batch_parameters={"dataframe": frame}, result_format={"result_format": "COMPLETE"})
        found = set()
        for one in answer.results:
            settings = one.expectation_config.kwargs
            name = settings.get("column", "discount" if "column_A" in settings else "order").rstrip("_")
            rows = one.result.get("unexpected_index_list") or []
            found |= {(int(row) + 2, "date" if name == "day" else name) for row in rows}
        return sorted(found)

    return work


def row_loop(path, currencies):
    return lambda: reference.row_loop(path, set(currencies))


def fastexcel(path, currencies):
    """A workbook read to Arrow, without any check."""
    import fastexcel as fe  # noqa: PLC0415

    def work():
        fe.read_excel(path).load_sheet(0).to_arrow()

    return work


def read_excel(path, currencies):
    """A workbook read by pandas as it is without settings (openpyxl)."""
    import pandas as pd  # noqa: PLC0415

    def work():
        pd.read_excel(path)

    return work


def peak_mb() -> float:
    """The most memory this process had in its hands, without what it inherited from its parent."""
    with open("/proc/self/status", encoding="ascii") as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith("VmHWM")) / 1024


def measured(work) -> dict:
    """Processor and wall seconds of the work without imports, and what it found."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    answer = {"wall": wall, "cpu": cpu, "all_cpu": time.process_time(), "peak": peak_mb()}
    if found is not None:
        answer |= {"found": len(set(found)), "digest": reference.digest(found)}
    return answer


if __name__ == "__main__":
    name, file, known = sys.argv[1:]
    print(json.dumps(measured(globals()[name](file, json.loads(known)))))
