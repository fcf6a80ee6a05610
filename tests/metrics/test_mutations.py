"""Right files of every template and platform, damaged at random from a seed: answered, placed, in time, never half in.

MUTATION_SEED and MUTATION_FILES name another seed and number; `python -m tests.mutate --seed N` is the command for it.
"""

import io
import json
import os
import random
import resource

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from metrics import importing
from metrics.intake import Profile, check
from metrics.intake.findings import UNREADABLE
from metrics.models import ImportJob, Submission
from metrics.periods import Period
from tests import make
from tests.api import caller
from tests.metrics import mutations, valid_files
from tests.metrics.corpus.stage import digest

SEED, FILES = int(os.environ.get("MUTATION_SEED", "1")), int(os.environ.get("MUTATION_FILES", "40"))
SECONDS = 10
# Said of the file or of a column as a whole.
WHOLE = UNREADABLE | set(
    """PROFILE_NOT_FOUND NO_ROWS SUM_TOO_LARGE CONTROL_DIFFERS ENCODING_GB18030 ENCODING_GUESSED EMBEDDED_IGNORED
    EXTERNAL_LINK OTHER_SHEETS_IGNORED CURRENCY_ASSUMED METRIC_DEFINED_OTHERWISE
    CURRENCY_MISSING CONTROL_BROKEN""".split()
)


@pytest.fixture
def doors(people, monkeypatch, at, tmp_path):
    """Each door: `call(file, valid, profile)` gives (HTTP or exit status, status, findings, all that was said)."""
    monkeypatch.setattr(importing, "wake_worker", lambda job_id: None)
    leads = {one.department.slug: one for one in people.values() if one.department_id}
    clients, programs = {}, {}
    for slug, person in leads.items():
        clients[slug] = Client()
        clients[slug].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        clients[slug].get("/submissions/")
        programs[slug] = caller.Program(caller.made(person)[1])

    def fields(file, valid, profile):
        where = {"department": slug_of(valid), "period": valid.period, "profile": profile}
        return where | {"settings": valid.settings, "file": file}

    def form(file, valid, profile):
        answer = clients[slug_of(valid)].post("/submissions/", fields(file, valid, profile))
        job = ImportJob.objects.first()
        if answer.status_code != 302:
            return answer.status_code, "refused", [], answer.content.decode()
        job = importing.run(job.pk, at=at)
        assert job.state == "done", job.outcome
        page = clients[slug_of(valid)].get(f"/imports/{job.pk}/")
        return page.status_code, job.outcome["status"], job.outcome["findings"], page.content.decode()

    def api(file, valid, profile):
        program = programs[slug_of(valid)]
        answer = program.post("/submissions", form=fields(file, valid, profile))
        if answer.status_code != 202:
            return answer.status_code, "refused", [], answer.content.decode()
        job = importing.run(answer.said["id"], at=at)
        assert job.state == "done", job.outcome
        said = program.get(f"/imports/{job.pk}").said
        found = program.get(f"/imports/{job.pk}/findings", limit=200).said["items"]
        return 202, said["status"], found, json.dumps(found)

    def command(file, valid, profile):
        path, out, status = tmp_path / file.name, io.StringIO(), 0
        path.write_bytes(file.getvalue())
        more = [f"--set={valid.settings}"] if valid.settings else []
        try:
            call_command(
                "submit", str(path), f"--department={slug_of(valid)}", f"--period={valid.period}",
                f"--profile={profile}", "--json", *more, stdout=out,
            )  # fmt: skip
        except SystemExit as end:
            status = end.code
        document = json.loads(out.getvalue())
        assert status == {"accepted": 0, "warnings": 0, "rejected": 1, "unreadable": 2}[document["status"]]
        return status, document["status"], document["findings"], out.getvalue()

    return [form, api, command]


def slug_of(valid) -> str:
    return make.department(valid.department).slug if valid.department.isupper() else valid.department


def worked() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


@pytest.mark.django_db
def test_damaged_files_are_answered_and_never_half_in(doors, record_property):
    before, told, faults = digest(), {}, []
    bases = valid_files.everything()
    for number in range(SEED * 1_000_000, SEED * 1_000_000 + FILES):
        pick = random.Random(number)
        valid, door = pick.choice(bases), pick.choice(doors)
        name, content, how = mutations.mutated(valid_files.content_of(valid), valid.name, number)
        file, began = io.BytesIO(content), worked()
        file.name = name
        with transaction.atomic():
            try:
                result, wrong = held_against(door(file, valid, pick.choice([valid.profile, ""])), before)
            except (AssertionError, Exception) as error:
                result, wrong = "broken", [f"{type(error).__name__}: {error}"[:600]]
            transaction.set_rollback(True)
        if worked() - began > SECONDS:
            wrong.append(f"{worked() - began:.0f} s")
        faults += [f"{number}: {valid.profile} {name} {how} by {door.__name__}: {one}" for one in wrong]
        told[result] = told.get(result, 0) + 1
    record_property("mutations", {"seed": SEED, "files": FILES, "database": connection.vendor} | told)
    assert not faults, "\n".join(faults[:20])
    assert sum(told.values()) == FILES


def held_against(answer, before) -> tuple[str, list[str]]:
    """(what came of it, what is wrong about that)."""
    status, result, findings, text = answer
    wrong = [f"HTTP {status}"] if status >= 500 else []
    wrong += ["a traceback"] if "Traceback" in text else []
    placeless = {one["code"] for one in findings if not one["row"] and one["code"] not in WHOLE}
    wrong += [f"without a place: {sorted(placeless)}"] if placeless else []
    if result in ("accepted", "warnings"):
        wrong += ["not one version"] if Submission.objects.count() != 1 else []
    elif digest() != before:
        wrong.append("half in")
    return result, wrong


@pytest.mark.parametrize("valid", valid_files.everything(), ids=lambda one: f"{one.profile}-{one.name}")
def test_each_file_is_right_before_it_is_damaged(valid, tmp_path):
    """Otherwise nothing would be shown by what comes of it afterwards."""
    (tmp_path / "file").write_bytes(valid_files.content_of(valid))
    period = Period.parse(valid.period)
    outcome = check(
        tmp_path / "file", valid.name, Profile.load(valid.profile), period=(period.start, period.end),
        settings=dict([valid.settings.split("=")] if valid.settings else []),
    )  # fmt: skip
    assert outcome.status in ("accepted", "warnings"), outcome.findings[:3]


def test_the_same_seed_damages_the_same_way():
    valid = valid_files.PLATFORMS[0]
    content = valid_files.content_of(valid)
    for number in range(30):
        assert mutations.mutated(content, valid.name, number) == mutations.mutated(
            content, valid.name, number
        )
    assert len({mutations.mutated(content, valid.name, number)[1] for number in range(30)}) > 25
