"""`manage.py doctor`: what is wrong is said in both languages, and nothing makes it stumble."""

import contextlib
import datetime as dt
import io
import json
import os
import socket
import subprocess
import sys

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.management import call_command
from django.db import connection

from reviewhub.health import checks, installation, machine, processes, pulse
from tests.operation.installation import ROOT
from tests.ports import free_port


def codes(found, *levels) -> set[str]:
    return {finding.code for finding in found if not levels or finding.level in levels}


def asked(*words, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", "doctor", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"DATABASE_URL": "postgres://a:the-password@127.0.0.1:1/x"}, "DATABASE"),
        ({"REDIS_URL": "redis://:the-password@127.0.0.1:1/0"}, "REDIS"),
        ({"REDIS_URL": "nonsense"}, "REDIS"),
        ({"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "1", "EMAIL_FROM": "a@example.com"}, "MAIL"),
    ],
    ids=["database", "redis", "redis address", "mail"],
)
def test_what_is_away_is_named_without_a_traceback_and_without_passwords(tmp_path, environment, code):
    ran = asked("--json", REVIEWHUB_DATA=str(tmp_path), **environment)
    assert ran.returncode == 1 and "Traceback" not in ran.stderr
    said = json.loads(ran.stdout)
    [finding] = [each for each in said["findings"] if each["code"] == code]
    assert said["status"] == finding["level"] == "mend"
    assert finding["zh"]["text"] != finding["en"]["text"] and finding["zh"]["advice"]
    assert "the-password" not in ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL begins with neither"),
        ({"SECRET_KEY": "change-me-to-50-random-characters"}, "SECRET_KEY is still the sample"),
        ({"SECRET_KEY_FILE": "/no/such/file"}, "/no/such/file"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"MAX_COLUMNS": "many"}, "MAX_COLUMNS"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line(tmp_path, environment, said):
    ran = asked(REVIEWHUB_DATA=str(tmp_path), **environment)
    assert ran.returncode == 1 and said in ran.stderr
    assert "Traceback" not in ran.stderr and len(ran.stderr.strip().splitlines()) == 1


GOOD = {
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRST",
    "DEBUG": False,
    "BASE_URL": "https://review.example.com",
    "ALLOWED_HOSTS": ["review.example.com"],
    "CSRF_TRUSTED_ORIGINS": ["https://review.example.com"],
    "HTTPS": True,
    "TRUSTED_PROXY": True,
    "EMAIL_HOST": "mail.example.com",
    "DEFAULT_FROM_EMAIL": "ReviewHub <review@example.com>",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"DEBUG": True}, "DEBUG"),
        ({"BASE_URL": "review.example.com"}, "BASE_URL"),
        ({"BASE_URL": "https://other.example.com"}, "BASE_URL_HOST"),
        ({"ALLOWED_HOSTS": ["*"]}, "ANY_HOST"),
        ({"HTTPS": False}, "HTTPS"),
        ({"BASE_URL": "http://review.example.com"}, "HTTPS"),
        ({"TRUSTED_PROXY": False}, "TRUSTED_PROXY"),
        ({"CSRF_TRUSTED_ORIGINS": []}, "CSRF_ORIGIN"),
        ({"EMAIL_USE_SSL": True}, "MAIL_TLS"),
        ({"DEFAULT_FROM_EMAIL": "ReviewHub <reviewhub@localhost>"}, "MAIL_FROM"),
    ],
)
def test_settings_that_are_unsafe_or_disagree(settings, at, change, code):
    for name, value in GOOD.items():
        setattr(settings, name, value)
    assert codes(installation.settings_agree(at)) == {"SETTINGS"}
    for name, value in change.items():
        setattr(settings, name, value)
    assert code in codes(installation.settings_agree(at), checks.MEND)


def test_a_host_may_be_allowed_by_its_domain(settings, at):
    for name, value in (GOOD | {"ALLOWED_HOSTS": [".example.com"]}).items():
        setattr(settings, name, value)
    assert codes(installation.settings_agree(at)) == {"SETTINGS"}


@pytest.mark.django_db
def test_beats_and_workers_are_counted_by_their_signs(at, monkeypatch):
    minute = dt.timedelta(minutes=1)
    assert codes(processes.background_lives(at), checks.MEND) == {"TICK"}
    pulse.beat(at=at, schedule="host:1")
    pulse.worker("new", at=at)
    assert codes(processes.background_lives(at + minute)) == {"TICK"}
    assert codes(processes.background_lives(at + minute), checks.MEND) == set()
    pulse.beat(at=at, schedule="host:2")
    monkeypatch.setattr(pulse, "__version__", "0.0.9")
    pulse.worker("old", at=at)
    assert codes(processes.background_lives(at + minute), checks.MEND) == {"SEVERAL_BEATS", "WORKER_VERSION"}
    # Who has been silent for a minute and a half is not running any more.
    assert codes(processes.background_lives(at + 2 * minute), checks.MEND) == {"TICK"}
    assert [sign.name for sign in pulse.signs(pulse.WORKER, at=at)] == ["new", "old"]
    pulse.beat(at=at + dt.timedelta(days=2))
    assert pulse.signs(pulse.SCHEDULE, at=at + dt.timedelta(days=2)) == []


@contextlib.contextmanager
def mail_server(**options):
    """A real SMTP server; the port."""
    controller = Controller(None, hostname="127.0.0.1", port=free_port(), **options)
    controller.handler = type("Sink", (), {})()
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def mail(settings):
    settings.EMAIL_BACKEND = processes.SMTP
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", "", ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 2
    return settings


def the_mail_finding(at):
    [finding] = processes.mail_server_answers(at)
    return finding.level, finding.said("en")[0]


def test_a_mail_server_is_greeted_and_signed_in_to_but_gets_no_letter(mail, at):
    def known(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)

    with mail_server(authenticator=known, auth_require_tls=False) as port:
        mail.EMAIL_PORT = port
        assert the_mail_finding(at)[0] == checks.FINE
        mail.EMAIL_HOST_USER, mail.EMAIL_HOST_PASSWORD = "reviewhub", "right"
        assert the_mail_finding(at)[0] == checks.FINE
        mail.EMAIL_HOST_PASSWORD = "wrong"
        level, said = the_mail_finding(at)
        assert level == checks.MEND and "535" in said and "wrong" not in said
        mail.EMAIL_USE_TLS = True
        assert the_mail_finding(at)[0] == checks.MEND  # it offers none


def test_a_mail_server_that_is_silent_costs_its_time_limit(mail, at):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as door:
        mail.EMAIL_PORT = door.getsockname()[1]
        assert the_mail_finding(at)[0] == checks.MEND


def test_a_network_file_system_is_recognised(tmp_path):
    """F40"""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path}/far nfs4 rw 0 0\nx {tmp_path}/far/near tmpfs rw 0 0\n"
    )
    assert machine.network_filesystem(tmp_path / "far/data", mounts) == "nfs4"
    assert machine.network_filesystem(tmp_path / "far/near/data", mounts) == ""
    assert machine.network_filesystem(tmp_path / "here", mounts) == ""
    assert machine.network_filesystem(tmp_path, tmp_path / "no such file") == ""


def test_the_age_of_backups_is_known(tmp_path, settings, at):
    settings.BACKUP_DIR = ""
    assert codes(machine.backups_are_fresh(at), checks.NOTE) == {"BACKUPS_UNKNOWN"}
    settings.BACKUP_DIR = str(tmp_path)
    (tmp_path / "unfinished.tar.gz.part").touch()
    assert codes(machine.backups_are_fresh(at), checks.MEND) == {"BACKUP_NONE"}
    made = tmp_path / "reviewhub.tar.gz"
    made.touch()
    for hours, level in ((25, checks.FINE), (27, checks.MEND)):
        moment = at.timestamp() - hours * 3600
        os.utime(made, (moment, moment))
        [finding] = machine.backups_are_fresh(at)
        assert (finding.level, finding.values) == (level, {"hours": hours})


@pytest.mark.django_db
def test_the_database_says_its_version_and_what_is_missing(at):
    found = list(machine.database_answers(at))
    assert codes(found, checks.FINE) == {"DATABASE"} and codes(found, checks.MEND) == set()
    assert "SQLITE_VERSION" in codes(found) or connection.vendor == "postgresql"
    assert list(machine.database_is_migrated(at)) == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'health'")
    assert codes(machine.database_is_migrated(at), checks.MEND) == {"MIGRATIONS"}


def test_a_full_disk_and_a_folder_of_somebody_else_are_seen(settings, tmp_path, at, monkeypatch):
    settings.DATA_DIR = tmp_path
    assert codes(machine.folder_is_fit(at), checks.MEND) == set()
    monkeypatch.setattr(machine, "FREE_BYTES", 1 << 62)
    assert codes(machine.folder_is_fit(at), checks.MEND) == {"DISK"}
    monkeypatch.setattr(machine.tempfile, "TemporaryFile", _refuse)
    assert "DATA_FOLDER" in codes(machine.folder_is_fit(at), checks.MEND)


def _refuse(**_options):
    raise PermissionError(13, "Permission denied")


def test_a_check_that_breaks_is_a_finding(at, monkeypatch):
    def breaks(_at):
        raise RuntimeError("postgres://user:secret@host/x fell over\nand more")

    monkeypatch.setattr(checks, "_registered", {"odd": breaks})
    [finding] = checks.findings(at=at)
    assert (finding.code, finding.level) == ("UNCHECKED", checks.MEND)
    assert "odd" in finding.said("en")[0] and "secret" not in finding.said("en")[0]


def test_all_is_well_is_status_0_and_mending_is_status_1(monkeypatch):
    fine = checks.Finding("X", checks.FINE, "%(n)s is fine", values={"n": 1})
    monkeypatch.setattr(checks, "_registered", {"x": lambda at: [fine]})
    out = io.StringIO()
    call_command("doctor", stdout=out)
    assert "✓ 1 is fine" in out.getvalue() and "All is well" in out.getvalue()
    broken = checks.Finding("Y", checks.MEND, "broken")
    monkeypatch.setattr(checks, "_registered", {"x": lambda at: [fine, broken]})
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=(out := io.StringIO()))
    assert ended.value.code == 1 and json.loads(out.getvalue())["status"] == "mend"
