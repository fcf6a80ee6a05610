"""Bad files through the three doors (B001–B083), and what is handed over in an odd way (B035, B036)."""

import datetime as dt
import io
import json
import re
from functools import partial
from pathlib import Path
from unittest import mock

from django.core.management import call_command

from metrics import importing, kept_files, outcomes, reception
from metrics.intake.findings_text import ENGLISH
from metrics.models import ImportJob, SourceFile, Submission
from tests.metrics.corpus.lines import DOORS, TAKEN, Answer, Expected, Line, NoDoor
from tests.metrics.intake.bad_inputs import CASES
from tests.metrics.intake.case import GOOD, Case, case, csv

EXIT = {"accepted": 0, "warnings": 0, "rejected": 1, "unreadable": 2}
KNOWN = frozenset(ENGLISH) | frozenset(outcomes.OWN)
NAME_FOR_NO_FILE = NoDoor("no file on a disk can have this name")
NEVER_SENT = {"BAD_FILE_NAME"}  # Django drops a part of such a name: no file arrives
LIVE = ("<img src=x", "<script>alert(1)", "\u202e")  # what must never stand in a page as it is


def period_of(one: Case) -> str:
    if one.period is None:
        return "1970-01-01..2100-12-31"
    first, after = one.period
    return f"{first}..{after - dt.timedelta(days=1)}"


def sent(one: Case, count: int = 1) -> dict:
    """The fields of a hand-over. A browser escapes line breaks in names; all else is as a hostile client sends it."""
    files = [io.BytesIO(one.build()) for _ in range(count)]
    for file in files:
        file.name = one.file_name.replace("\r", "%0D").replace("\n", "%0A")
    fields = {"department": "sales", "period": period_of(one), "profile": one.profile, "sheet": ""}
    return fields | ({"file": files if count > 1 else files[0]} if one.file_name else {})


def path_of(one: Case, folder):
    """The case as a file on disk; None for a name that no file can have."""
    name = one.file_name
    impossible = not name or name in (".", "..") or set(name) & set("/\0")
    if impossible or len(name.encode("utf-8", "replace")) > 255:
        return None
    return folder / name


# --- The three doors ----------------------------------------------------------------------------------------


def by_form(stage, one: Case, count: int = 1) -> Answer:
    answer = stage.client.post("/submissions/", sent(one, count))
    page, job = answer.content.decode(), ImportJob.objects.first()
    assert "x" not in answer.cookies
    if job is None:
        found = frozenset(re.findall(r"\b[A-Z][A-Z0-9_]{4,}\b", page)) & KNOWN
        return Answer("refused", answer.status_code, found, text=without_life(page))
    assert answer.status_code == 302, answer.status_code
    job = importing.run(job.pk, at=stage.at)
    page = stage.client.get(f"/imports/{job.pk}/")
    shown = page.content.decode()
    assert all(code in shown for code in [one["code"] for one in job.outcome["findings"][:50]])
    if job.submission is None:
        require_safe_download(stage.client.get(f"/imports/{job.pk}/file"))
    return of_job(job, page.status_code, without_life(shown))


def by_command(stage, one: Case, count: int = 1) -> Answer:
    paths = [path_of(one, stage.folder)]
    paths += [stage.folder / f"{number}-{one.file_name}" for number in range(2, count + 1)]
    for path in paths:
        path.write_bytes(one.build())
    out, status = io.StringIO(), 0
    try:
        call_command(
            "submit", *map(str, paths), f"--period={period_of(one)}", "--department=sales", f"--profile={one.profile}",
            "--by=sales", "--json", stdout=out,
        )  # fmt: skip
    except SystemExit as end:
        status = end.code
    document = json.loads(out.getvalue())
    assert status == EXIT[document["status"]]
    require_told(document["findings"])
    return Answer(
        document["status"], status, codes(document["findings"]), places(document["findings"]), out.getvalue()
    )


def by_api(stage, one: Case, count: int = 1) -> Answer:
    answer = stage.program.post("/submissions", form=sent(one, count))
    if answer.status_code != 202:
        told = answer.said.get("findings", [])
        require_told(told)
        return Answer("refused", answer.status_code, codes(told), places(told), answer.content.decode())
    job = importing.run(answer.said["id"], at=stage.at)
    said = stage.program.get(f"/imports/{job.pk}").said
    listed, cursor = [], {}
    while cursor is not None:
        page = stage.program.get(f"/imports/{job.pk}/findings", limit=200, **cursor).said
        listed += page["items"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    require_told(listed)
    assert len(listed) == min(said["findings_total"], 1000)
    if said["status"] == "warnings":
        require_ticked(stage, said["submission"])
    return Answer(
        said["status"], answer.status_code, codes(listed), places(listed), json.dumps([said, listed])
    )


ASK = {"form": by_form, "command": by_command, "API": by_api}


def of_job(job, number: int, text: str) -> Answer:
    told = job.outcome["findings"]
    return Answer(job.outcome["status"], number, frozenset(job.outcome["finding_counts"]), places(told), text)


def codes(findings) -> frozenset:
    return frozenset(one["code"] for one in findings)


def places(findings) -> frozenset:
    return frozenset((one["code"], one["row"] or 0, one["column"]) for one in findings)


def require_told(findings) -> None:
    """Every finding says in words what is wrong and what to do."""
    assert all(one["message"] and one["hint"] and len(one["value"]) <= 80 for one in findings)


def require_ticked(stage, pk) -> None:
    """A version with warnings is handed in only when somebody says that they were read."""
    path = f"/submissions/{pk}/hand-in"
    assert stage.program.post(path, {"accept_warnings": False}).status_code == 409
    assert stage.program.post(path, {"accept_warnings": True}).said["state"] == "handed_in"


def without_life(page: str) -> str:
    """The page, in which nothing that came with the file is alive."""
    assert not any(one in page for one in LIVE)
    return page


def require_safe_download(answer) -> None:
    """A kept file comes back as an attachment that no browser runs (B023)."""
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"
    b"".join(answer)  # to its end, which closes the file


def require_stored_apart() -> None:
    """A kept file has a random name of its own, whatever it was called (B028)."""
    for source in SourceFile.objects.all():
        assert re.fullmatch(r"[0-9a-f-]{36}", kept_files.path_of(source).name)
        assert source.name and not set(source.name) & set("/\\\0\r\n") and len(source.name) <= 120


def ask(one: Case, stage, door: str) -> Answer:
    with mock.patch.object(reception, "limits", lambda: one.limits):
        answer = ASK[door](stage, one)
    require_stored_apart()
    assert Submission.objects.count() == (answer.status in TAKEN)
    return answer


# --- Lines --------------------------------------------------------------------------------------------------


def line_of(one: Case) -> Line:
    """A case of the corpus of files by all doors."""
    expected = Expected(one.expected_status, one.expected_codes, frozenset(one.places))
    doors = dict.fromkeys(DOORS, expected)
    if one.expected_codes and one.expected_codes <= NEVER_SENT:
        doors |= dict.fromkeys(("form", "API"), Expected("rejected", frozenset({"FILE_MISSING"})))
    if path_of(one, Path()) is None:
        doors["command"] = NAME_FOR_NO_FILE
    return Line(one.id, one.name, doors, partial(ask, one), seconds=one.seconds)


GOOD_FILE = case("B035", "good", csv(GOOD))
ONE_FILE = Expected("rejected", frozenset({"ONE_FILE"}))


def several(count: int, stage, door: str) -> Answer:
    return ASK[door](stage, GOOD_FILE, count)


def twice(stage, door: str) -> Answer:
    """The same bytes once more: one version, and the answer is that of the first time."""
    first = ASK[door](stage, GOOD_FILE)
    pk = Submission.objects.get().pk
    if door == "form":
        answer = stage.client.post("/submissions/", sent(GOOD_FILE))
        assert (answer.status_code, answer["Location"]) == (302, f"/submissions/{pk}/")
    elif door == "API":
        assert stage.program.post("/submissions", form=sent(GOOD_FILE)).said["submission"] == pk
    else:
        again = ASK[door](stage, GOOD_FILE)
        assert json.loads(again.text)["submission"] == pk
    assert Submission.objects.count() == ImportJob.objects.count() == 1
    return first


LINES = [line_of(one) for one in CASES]
LINES += [
    Line(
        "B035",
        name,
        {
            "form": ONE_FILE,
            "API": ONE_FILE,
            "command": NoDoor("several files are one hand-in of several tables"),
        },
        partial(several, count),
    )
    for name, count in (("two-files-in-one-field", 2), ("six-files-in-one-field", 6))
]
LINES.append(Line("B036", "same-bytes-twice", dict.fromkeys(DOORS, Expected("accepted")), twice))
