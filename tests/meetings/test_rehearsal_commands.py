"""The commands `rehearse`, `capture` and `agenda-fit`: one document, and an exit status that tells the truth."""

import json

import pytest
from django.core.management import call_command


def ran(capsys, *arguments):
    """Exit status and standard output."""
    status = 0
    try:
        call_command(*arguments)
    except SystemExit as end:
        status = end.code
    return status, capsys.readouterr().out


def test_rehearse_prints_one_document(tmp_path, capsys):
    script = tmp_path / "script.json"
    script.write_text(
        '{"plan": "published", "commands": [{"at_s": 0, "do": "start"}, {"at_s": 1, "do": "resume"}]}'
    )
    status, out = ran(capsys, "rehearse", str(script), "--json")
    states = json.loads(out)["states"]
    assert (status, states[0]["ledger_s"]["END"], states[1]) == (0, -3300, {"refused": "not_paused"})
    status, out = ran(capsys, "rehearse", str(script))
    assert status == 0 and "running OPEN" in out and "refused: not_paused" in out


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b"[" * 100_000, b'{"commands": NaN}', b"1" * 5000, b'{"plan": 1}'],
)
def test_rehearse_answers_an_unusable_script_with_status_two(tmp_path, capsys, content):
    script = tmp_path / "script.json"
    script.write_bytes(content)
    status, out = ran(capsys, "rehearse", str(script), "--json")
    assert (status, json.loads(out)["status"]) == (2, "unusable")


def test_rehearse_without_its_file_has_status_two(tmp_path, capsys):
    assert ran(capsys, "rehearse", str(tmp_path / "none.json"))[0] == 2
    assert ran(capsys, "rehearse", str(tmp_path))[0] == 2
    assert ran(capsys, "rehearse", "a\x00b")[0] == 2


def test_capture_reads_a_line(capsys):
    line = "/a @Li 完成德国站上线 #KR2 ^12-05"
    status, out = ran(capsys, "capture", line, "--today", "2026-10-12", "--json")
    shown = json.loads(out)
    assert (status, shown["type"], shown["owner_text"], shown["links"]) == (0, "action", "Li", ["KR2"])
    assert (shown["due_on"], shown["missing"]) == ("2026-12-05", [])
    assert "完成德国站上线" in ran(capsys, "capture", line)[1]


def test_capture_of_nothing_has_status_two(capsys):
    status, out = ran(capsys, "capture", "/a", "--json")
    assert (status, json.loads(out)["missing"]) == (2, ["text", "owner", "due_on", "link"])


def test_agenda_fit_gives_minutes_and_total_per_strategy(capsys):
    status, out = ran(capsys, "agenda-fit", "--json")
    strategies = json.loads(out)["strategies"]
    assert (status, len(strategies)) == (0, 11)
    assert (strategies["S7"]["total"], strategies["S7"]["minutes"]["BUFFER"]) == (240, 10)
    assert (strategies["S0"]["total"], strategies["S0"]["over"]) == (295, 55)


def test_agenda_fit_refuses_what_cannot_be_fitted(capsys):
    status, out = ran(capsys, "agenda-fit", "--strategy", "S4", "--budget", "200", "--json")
    assert (status, json.loads(out)["strategies"]["S4"]) == (1, {"refused": "infeasible", "missing": 15})
