"""What a line of the log holds, and what it never holds."""

import json
import logging
import sys

import pytest
from celery import Celery

from reviewhub.health import logs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /l/Zm9vYmFyYmF6cXV4/", "GET /l/***/"),
        (
            "https://review.example.com/welcome/0123456789abcdef?next=/",
            "https://review.example.com/welcome/***?next=/",
        ),
        ('"/calendar/secret-feed.ics"', '"/calendar/***"'),
        ("/accounts/password/reset/key/1-abcdef-0123/", "/accounts/password/reset/key/***/"),
        ("/x?token=abc&page=2", "/x?token=***&page=2"),
        (
            "postgres://user:word@host/db and redis://:word@host",
            "postgres://user:***@host/db and redis://:***@host",
        ),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer ***"),
        ("Cookie: sessionid=abc123; csrftoken=x1", "Cookie: sessionid=***; csrftoken=***"),
        ("/sales/?period=2026-10 took 12 ms", "/sales/?period=2026-10 took 12 ms"),
        ("/meetings/12/stream", "/meetings/12/stream"),
    ],
)
def test_what_opens_doors_is_hidden(text, shown):
    assert logs.masked(text) == shown


def line(formatter, message, *arguments, extra=None, error=None) -> str:
    record = logging.getLogger("reviewhub.x").makeRecord(
        "reviewhub.x", logging.WARNING, __file__, 1, message, arguments, error, extra=extra
    )
    return formatter.format(record)


def test_a_line_is_one_object_with_its_circumstances():
    mark = logs.request_id.set("number-1")
    try:
        said = line(logs.Json(), "read %s\nof 经营", 3, extra={"ms": 1.5, "path": "/l/abcdefghij"})
    finally:
        logs.request_id.reset(mark)
    assert "\n" not in said and "经营" in said
    found = json.loads(said)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "WARNING",
        "logger": "reviewhub.x",
        "message": "read 3\nof 经营",
        "request_id": "number-1",
        "ms": 1.5,
        "path": "/l/***",
    }


def test_an_error_keeps_its_way_without_its_secrets():
    try:
        raise OSError("redis://:word@host is away")
    except OSError:
        said = line(logs.Json(), "failed", error=sys.exc_info())
    assert "OSError" in json.loads(said)["exc_info"] and "word" not in said
    assert "word" not in line(logs.Plain(), "failed at redis://:word@host")


def test_lines_of_a_task_carry_its_number():
    app = Celery("probe", broker="memory://", set_as_current=False)

    @app.task(name="probe.task")
    def task():
        return logs.circumstances()

    assert task.apply(task_id="number-2").get() == {"task_id": "number-2", "task": "probe.task"}
    assert logs.circumstances() == {}
