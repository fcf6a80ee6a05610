"""Every bad input for files is answered with its code, at its place, in both languages, in time, and adds nothing."""

import re
import resource
from pathlib import Path

import pytest

from metrics.intake import Profile, check, findings, text
from metrics.intake.findings_text import CHINESE, ENGLISH
from tests.metrics.intake.bad_inputs import CASES
from tests.metrics.intake.case import MONTHLY, TEST_PROFILE

# What a sentence looks like where a parameter is missing: "(0 to )", "“”", ": .", a blank before a full stop.
HALF_EMPTY = re.compile(
    r"\(\s*\)|\(\s+|\s+\)|（\s*）|[至到–]\s*[）)。]|“\s*”|[:：]\s*[.。]|\s[.,。，](?:\s|$)|  |，，"
)


def profile_of(case):
    return Profile.parse(TEST_PROFILE) if case.profile == MONTHLY else Profile.load(case.profile)


@pytest.fixture(params=CASES, ids=lambda case: case.test_id)
def case(request):
    return request.param


def worked() -> float:
    """Seconds of processor time of this process and of the readers that it started: a busy machine adds none."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def test_the_file_is_answered_as_the_corpus_says(case, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(case.build())
    began = worked()
    outcome = check(path, case.file_name, profile_of(case), period=case.period, limits=case.limits)
    seconds = worked() - began

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
            assert finding.value == "" or not HALF_EMPTY.search(message.replace(finding.value, "x")), message
            assert not HALF_EMPTY.search(hint.replace(finding.value or "\0", "x")), hint
    assert seconds < case.seconds


def test_every_case_has_its_own_name():
    names = [case.test_id for case in CASES]
    assert len(set(names)) == len(names)


def test_every_code_has_sentences_in_both_languages_with_the_same_parameters():
    sources = " ".join(path.read_text("utf-8") for path in Path(findings.__file__).parent.glob("*.py"))
    used = set(re.findall(r'"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)"', sources)) & (
        set(ENGLISH) | findings.UNREADABLE
    )
    assert findings.UNREADABLE | findings.WARNINGS | used <= set(ENGLISH)
    assert set(ENGLISH) == set(CHINESE)
    for code in ENGLISH:
        assert parameters(ENGLISH[code]) == parameters(CHINESE[code]), code


def parameters(texts):
    flat = [t for one in texts for t in (one.values() if isinstance(one, dict) else [one])]
    return set(re.findall(r"\{(\w+)\}", " ".join(flat)))
