"""DuckDB over Parquet, run in the peers' own environment: statements on standard input, answers and times as JSON.

Nothing of the product is imported here.
"""

import json
import sys
import time

import duckdb

asked = json.load(sys.stdin)
base = duckdb.connect()
base.execute("SET threads = 2")
base.execute("SET parquet_metadata_cache = true")
answers = []
for question in asked["questions"]:
    times, rows = [], []
    for _round in range(asked["rounds"]):
        begun = time.perf_counter()
        rows = [base.execute(text).fetchall() for text in question]
        times.append(time.perf_counter() - begun)
    told = [[["" if cell is None else str(cell) for cell in row] for row in one] for one in rows]
    answers.append({"times": times, "rows": told})
print(json.dumps({"version": duckdb.__version__, "answers": answers}))
