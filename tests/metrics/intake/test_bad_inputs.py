"""Every bad input for files is answered with its code, at its place, in both languages, in time, and adds nothing."""

import re
import time

import pytest

from metrics.intake import Profile, check, text
from tests.metrics.intake.bad_inputs import CASES
from tests.metrics.intake.case import MONTHLY, TEST_PROFILE


def profile_of(case):
    return Profile.parse(TEST_PROFILE) if case.profile == MONTHLY else Profile.load(case.profile)


@pytest.fixture(params=CASES, ids=lambda case: case.test_id)
def case(request):
    return request.param


def test_the_file_is_answered_as_the_corpus_says(case, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(case.build())
    began = time.perf_counter()
    outcome = check(path, case.file_name, profile_of(case), period=case.period, limits=case.limits)
    seconds = time.perf_counter() - began

    assert set(outcome.finding_counts) == case.expected_codes, outcome.findings[:3]
    assert (outcome.status, outcome.http_status) == (case.expected_status, case.http_status)
    assert {(one.code, one.row, one.column) for one in outcome.findings} >= set(case.places)
    assert outcome.findings_total == sum(outcome.finding_counts.values())
    if case.totals is not None:
        assert {name: outcome.totals[name] for name in case.totals} == case.totals
    if case.expected_status in ("accepted", "warnings"):
        assert len(outcome.facts) and outcome.totals
    else:
        assert outcome.facts.empty and outcome.totals == {}
    for finding in outcome.findings:
        assert len(finding.value) <= 80
        for language in ("en", "zh-hans"):
            message, hint = text(finding, language)
            assert finding.code not in message and not re.search(r"[{}]", message.replace(finding.value, ""))
            assert message[-1] in ".?。？！!”%" or finding.code.startswith("ENCODING"), message
            assert hint
    assert seconds < case.seconds
