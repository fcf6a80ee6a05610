"""Backup while people write, restore to an empty place: the drill (F35), and everything that must be refused."""

import datetime as dt
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
import time
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import connection

from reviewhub.backups import making, restoring
from reviewhub.backups.archive import CannotBackUp, CannotRestore
from tests import prepared
from tests.operation.installation import ROOT, installations
from tests.server import database_url

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.xdist_group("backup")]

# Rows that are of an installation's present, not of its content.
HELD = {"notices_delivery", "notices_message"}
PRESENT = {"django_migrations", "django_session", "health_heartbeat", "notices_fence"}


@pytest.fixture(scope="module")
def make(django_db_setup, tmp_path_factory):
    server = "sqlite" if connection.vendor == "sqlite" else database_url()
    with installations(tmp_path_factory.mktemp("backup"), server) as make:
        yield make


def filled(installation) -> None:
    """Give it five uploaded files, and one that is still coming in."""
    for number in range(5):
        path = installation.files / f"source/2026/11/{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(50_000))
    (installation.files / "incoming").mkdir(exist_ok=True)
    (installation.files / "incoming/half").write_bytes(b"still coming")


@pytest.fixture(scope="module")
def small(make):
    """An installation with one person, a session, and notices in every state that matters."""
    here = make("small", like=prepared.migrated())
    (here.files.parent / "record_key").write_bytes(bytes(range(32)))
    here.python(
        "import datetime as dt;"
        "from django.contrib.sessions.models import Session;"
        "from reviewhub.notices.models import Delivery;"
        "from reviewhub.people.models import User;"
        "at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC);"
        "from reviewhub.people import activity;"
        "one = User.objects.create(username='one');"
        "activity.record('person.added', one, by=None, at=at);"
        "Session.objects.create(session_key='k', session_data='', expire_date=at);"
        "[Delivery.objects.create(channel='email', idem=s, message_id=s, state=s, not_before=at, created_at=at)"
        " for s in ('sent', 'queued', 'sending', 'retry')]"
    )
    filled(here)
    return here


@pytest.fixture(scope="module")
def archive(small, tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "small.tar.gz"
    small.done("backup", str(path))
    return path


@pytest.fixture(scope="module")
def older(make, small):
    """The same as it was before the last migration but one of an application."""
    here = make("older", like=small.database, files=small.home)
    here.done("migrate", "account", "0005", "-v0")
    return here


@pytest.fixture(scope="module")
def restored(make, older, tmp_path_factory):
    """What an empty machine is after `restore` of an older backup; `said` is what the command said."""
    path = tmp_path_factory.mktemp("archive") / "older.tar.gz"
    older.done("backup", str(path))
    here = make("restored")
    here.said = here.done("restore", str(path))
    here.done("migrate", "--check")
    here.as_restored = here.digests()
    return here


@pytest.fixture(scope="module")
def company(make):
    """The demo company with uploaded files."""
    url, files = prepared.company()
    here = make("company", like=url, files=files)
    filled(here)
    return here


def manifest_of(path) -> dict:
    with tarfile.open(path) as tar:
        return json.load(tar.extractfile("manifest.json"))


def rewritten(path, target, change):
    """A copy of an archive in which `change(name, bytes)` gives the new bytes of each part, None leaves it out."""
    with tarfile.open(path) as source, tarfile.open(target, "w:gz") as out:
        for member in source:
            data = change(member.name, source.extractfile(member).read())
            if data is not None:
                member.size = len(data)
                out.addfile(member, io.BytesIO(data))
    return target


class Writer(threading.Thread):
    """Writes pairs of rows, each pair in one transaction, until it is told to stop."""

    def __init__(self, installation):
        super().__init__(daemon=True)
        self.installation, self.ending, self.written = installation, threading.Event(), []

    def run(self):
        mark = "?" if self.installation.database.startswith("sqlite") else "%s"
        with self.installation.connected() as link:
            while not self.ending.is_set():
                number = len(self.written)
                cursor = link.cursor()
                for half in ("a", "b"):
                    cursor.execute(
                        f"INSERT INTO people_partnershare (department_id, kind, code, granted_at) VALUES"
                        f" ((SELECT min(id) FROM people_department), 'drill', {mark}, '2026-01-01 00:00:00')",
                        [f"{number} {half}"],
                    )
                link.commit()
                self.written.append(time.time())
                self.ending.wait(0.002)


def pairs(installation) -> dict[int, int]:
    """Number of a pair → how many of its rows are there."""
    with installation.connected() as link:
        cursor = link.cursor()
        cursor.execute("SELECT code FROM people_partnershare WHERE kind = 'drill'")
        return dict(Counter(int(code.split()[0]) for (code,) in cursor.fetchall()))


def same(before, after, but=()):
    """The tables that differ, apart from those of the present."""
    wanted = set(before) - PRESENT - {"files", *but}
    return {name: (before[name], after.get(name)) for name in wanted if before[name] != after.get(name)}


@pytest.fixture(scope="module")
def drill(company, make, tmp_path_factory):
    """A backup of the demo company while people write, restored in an empty place; what was measured on the way."""
    archive = tmp_path_factory.mktemp("drill") / "company.tar.gz"
    before = company.digests()
    writer = Writer(company)
    writer.start()
    while len(writer.written) < 50:
        time.sleep(0.01)
    began, already = time.time(), len(writer.written)
    company.done("backup", str(archive))
    ended = time.time()
    writer.ending.set()
    writer.join()
    empty = make("empty")
    restoring_began = time.time()
    said = empty.done("restore", str(archive))
    return SimpleNamespace(
        archive=archive,
        before=before,
        written=writer.written,
        already=already,
        began=began,
        ended=ended,
        restored=empty,
        said=said,
        took=time.time() - restoring_began,
    )


def shares(installation) -> list:
    """The rows of the table that the drill writes to, without what it wrote."""
    with installation.connected() as link:
        cursor = link.cursor()
        cursor.execute("SELECT * FROM people_partnershare WHERE kind <> 'drill' ORDER BY id")
        return cursor.fetchall()


def test_the_drill(company, drill, capsys):
    """Every table and every file is as it was; the restored installation is whole and up to date."""
    files = [one for one in company.files.rglob("*") if one.is_file() and one.parent.name != "incoming"]
    before, after, kept = drill.before, drill.restored.digests(), len(files)
    assert same(before, after, but={*HELD, "people_partnershare"}) == {}
    assert shares(drill.restored) == shares(company) != []
    assert len(before) > 50 and kept > 5  # the demo's own and those of `filled`
    assert (before["files"].split()[0], after["files"].split()[0]) == (str(kept + 1), str(kept))
    for path in company.files.glob("source/2026/11/*"):
        restored = drill.restored.files / path.relative_to(company.files)
        assert restored.read_bytes() == path.read_bytes()
    home = drill.restored.home
    assert not list(home.glob("**/.reviewhub-*")) and not (home / "files.before-restore").exists()
    assert "people_user" in drill.said and f"{kept}  files" in drill.said
    drill.restored.done("migrate", "--check")
    rows = sum(int(value.split()[0]) for value in before.values())
    size = drill.archive.stat().st_size / 2**20
    with capsys.disabled():
        print(f"\n{connection.vendor}: {rows} rows, {size:.1f} MiB, RTO {drill.took:.1f} s")


def test_a_backup_while_people_write_holds_whole_transactions(drill, capsys):
    """Nothing that was committed before the backup began is missing, and nothing is half."""
    found, written, already = pairs(drill.restored), drill.written, drill.already
    took = drill.ended - drill.began
    assert set(found.values()) == {2}
    assert set(range(already)) <= set(found)
    assert len(written) > already + 20 and len(found) < len(written)  # it wrote all the time
    longest = max(later - earlier for earlier, later in pairwise(written))
    assert longest < max(2, took / 2)  # and was never held up for the length of a backup
    lost = drill.ended - written[len(found) - 1]
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {len(written) - already} commits during {took:.1f} s; "
            f"RPO {lost:.1f} s before the end of the backup"
        )


def test_reminders_already_sent_are_not_sent_again_and_sessions_end(restored):
    assert "1 sessions were ended" in restored.said and "3 messages may have gone out before" in restored.said
    told = restored.python(
        "from reviewhub.notices.models import Delivery, Fence;"
        "from django.contrib.sessions.models import Session;"
        "print(sorted(Delivery.objects.values_list('idem', 'state')), Fence.objects.count(), Session.objects.count())"
    )
    held = "('queued', 'held'), ('retry', 'held'), ('sending', 'held'), ('sent', 'sent')"
    assert told.strip().endswith(f"[{held}] 1 0")


def test_what_protects_rows_protects_them_after_a_restore_too_and_numbers_go_on(restored):
    said = restored.python(
        "from django.db import DatabaseError, connection, transaction\n"
        "from reviewhub.people.models import Activity, User\n"
        "highest = max(User.objects.values_list('pk', flat=True))\n"
        "person = User.objects.create(username='next')\n"
        "print('next', person.pk - highest)\n"
        "try:\n"
        "    with transaction.atomic(), connection.cursor() as cursor:\n"
        "        table = Activity._meta.db_table\n"
        "        cursor.execute(f'DELETE FROM {table}')\n"
        "    print('unprotected', Activity.objects.count())\n"
        "except DatabaseError:\n"
        "    print('protected')\n"
    )
    assert said.split()[-3:] == ["next", "1", "protected"]


def test_the_key_that_signs_records_comes_along(small, archive, restored):
    key = restored.files.parent / "record_key"
    assert key.read_bytes() == (small.files.parent / "record_key").read_bytes()
    assert (key.stat().st_mode & 0o777, manifest_of(archive)["keys"]) == (0o600, ["record_key"])


def test_an_older_backup_is_migrated(older, restored):
    assert restored.as_restored["people_user"] == older.digests()["people_user"]


def test_a_backup_is_for_its_owner_and_never_overwrites(small, archive, tmp_path):
    assert archive.stat().st_mode & 0o777 == 0o600
    kept = archive.read_bytes()
    assert "exists already" in small.refused("backup", str(archive))
    assert archive.read_bytes() == kept
    (tmp_path / "late.tar.gz.part").touch()
    for path, said in (("no/such.tar.gz", "does not exist"), ("late.tar.gz", "another backup runs")):
        with pytest.raises(CannotBackUp, match=said):
            making.backup(tmp_path / path, at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    assert [path.name for path in tmp_path.iterdir()] == ["late.tar.gz.part"]


def test_a_backup_goes_through_a_pipe_to_be_encrypted(small, tmp_path):
    with (tmp_path / "piped.tar.gz").open("wb") as out:
        command = [sys.executable, "manage.py", "backup", "-"]
        subprocess.run(
            command, cwd=ROOT, env=small.environment, stdout=out, check=True, stderr=subprocess.DEVNULL
        )
    assert manifest_of(tmp_path / "piped.tar.gz")["files"] == 5


def test_a_full_disk_is_said_and_leaves_no_half_file(small, tmp_path):
    """F29: a disk of 150 kB, in a mount of this process alone."""
    alone = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-Urm"]
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        [*alone, "mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True
    ).returncode:
        pytest.skip("this machine allows no mount of its own: neither root nor user namespaces")
    script = (
        f"mount -t tmpfs -o size=150k none {disk} && "
        f"{sys.executable} manage.py backup {disk}/x.tar.gz; echo status $?; ls -A {disk}"
    )
    ran = subprocess.run(
        [*alone, "sh", "-c", script], cwd=ROOT, env=small.environment, capture_output=True, text=True
    )
    assert ran.stdout.split() == ["status", "1"], ran
    assert "full" in ran.stderr and "Traceback" not in ran.stderr


def damaged(name):
    def change(part, data):
        if part == name:
            return data[:-1] + bytes([data[-1] ^ 1])
        return data

    return change


def newer(part, data):
    if part == "manifest.json":
        return json.dumps(json.loads(data) | {"version": "999.0.0"}).encode()
    return data


def unknown_step(part, data):
    if part == "manifest.json":
        said = json.loads(data)
        return json.dumps(
            said | {"migrations": [*said["migrations"], ["people", "0999_from_tomorrow"]]}
        ).encode()
    return data


def foreign(part, data):
    if part == "manifest.json":
        other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
        return json.dumps(json.loads(data) | {"database": other}).encode()
    return data


def refusal(path) -> str:
    """What `restore` says of this archive before it touches anything."""
    with pytest.raises(CannotRestore) as refused:
        restoring.examine(path)
    return str(refused.value)


@pytest.mark.django_db
def test_an_archive_that_fits_is_taken(archive):
    assert restoring.examine(archive)["files"] == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (damaged("files/source/2026/11/0"), "the checksum of files/source/2026/11/0 is wrong"),
        (lambda part, data: None if part == "manifest.json" else data, "its manifest is missing"),
        (
            lambda part, data: None if part.endswith("/3") else data,
            "the checksum of files/source/2026/11/3 is wrong",
        ),
        (newer, "newer than this"),
        (unknown_step, "newer than this"),
        (foreign, "cannot be exchanged"),
    ],
    ids=["damaged", "no manifest", "part missing", "newer version", "newer step", "other database"],
)
def test_an_archive_that_does_not_fit_is_refused(archive, tmp_path, change, said):
    assert said in refusal(rewritten(archive, tmp_path / "bad.tar.gz", change))


@pytest.mark.parametrize(
    "content", [b"", b"no archive", gzip.compress(b"no tar")], ids=["empty", "text", "gzip"]
)
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "bad.tar.gz").write_bytes(content)
    assert "damaged or no backup" in refusal(tmp_path / "bad.tar.gz")


def test_an_archive_that_was_cut_off_or_is_not_there_is_refused(archive, tmp_path):
    (tmp_path / "cut.tar.gz").write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert "damaged or no backup" in refusal(tmp_path / "cut.tar.gz")
    assert "does not exist" in refusal(tmp_path / "none.tar.gz")


def test_an_archive_leads_out_of_its_folder_nowhere(tmp_path):
    with tarfile.open(tmp_path / "out.tar.gz", "w:gz") as out:
        member = tarfile.TarInfo("files/../../escaped")
        member.size = 1
        out.addfile(member, io.BytesIO(b"x"))
    assert "is no backup of ReviewHub" in refusal(tmp_path / "out.tar.gz")


def test_people_are_replaced_only_when_asked_and_a_failure_changes_nothing(make, small, archive, tmp_path):
    """A process that has the database open sees the restored one: two groups with two databases were M10."""
    used = make("used", like=small.database, files=small.home)
    used.python("from reviewhub.people.models import User; User.objects.create(username='here before')")
    (used.files / "mine").write_text("kept")
    before = used.digests()
    assert "--yes" in used.refused("restore", str(archive))
    assert "Nothing was changed" in used.refused("restore", str(broken_inside(archive, tmp_path)), "--yes")
    assert used.digests() == before and (used.files / "mine").read_text() == "kept"
    assert not list(used.home.glob(".reviewhub-restore-*"))
    with used.connected() as link:
        cursor = link.cursor()
        cursor.execute("SELECT count(*) FROM people_user")
        assert cursor.fetchone() == (2,)
        link.commit()
        used.done("restore", str(archive), "--yes")
        cursor.execute("SELECT count(*) FROM people_user")
        assert cursor.fetchone() == (1,)
    assert not (used.files / "mine").exists()


def broken_inside(archive, tmp_path):
    """An archive whose checksums are right and whose content no database takes."""
    part = "database.sqlite3" if connection.vendor == "sqlite" else "tables/people_user"
    junk = b"\x00 no rows at all"

    def change(name, data):
        if name == part:
            return junk
        if name == "manifest.json":
            said = json.loads(data)
            said["parts"][part] = {"bytes": len(junk), "sha256": hashlib.sha256(junk).hexdigest()}
            return json.dumps(said).encode()
        return data

    return rewritten(archive, tmp_path / "broken.tar.gz", change)
