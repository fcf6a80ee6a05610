"""A pytest plugin that writes what each line was answered with to the file named by CORPUS_RESULTS, one JSON a line."""

import json
import os
from pathlib import Path

from tests.metrics.corpus.words import WORDS


def pytest_runtest_logreport(report):
    if report.when != "call" and report.passed:
        return
    told = dict(report.user_properties).get("corpus")
    if told is None and report.when != "call":
        return
    told = told or {"number": "", "name": report.nodeid, "door": "", "database": "", "result": "", "http": 0}
    why = "" if report.passed else str(report.longrepr)
    half = "digest() == stage.before" in why
    line = told | {
        "id": f"{told['number']}-{told['name']}".strip("-"),
        "words": WORDS.get(told["number"], ""),
        "outcome": report.outcome,
        "why": ("digest differs: " if half else "") + why[-400:],
    }
    with Path(os.environ["CORPUS_RESULTS"]).open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
