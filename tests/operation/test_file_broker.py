"""The folder that stands in for Redis: a message is there whole or not at all."""

import os
from queue import Empty

import pytest
from kombu import Connection

from reviewhub import file_broker

QUEUE = "celery"


@pytest.fixture
def channel(tmp_path):
    file_broker.mend()
    folders = {name: str(tmp_path / "messages") for name in ("data_folder_in", "data_folder_out")}
    (tmp_path / "messages").mkdir()
    options = folders | {
        "control_folder": str(tmp_path / "control"),
        "processed_folder": str(tmp_path / "done"),
    }
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.channel()


def test_a_message_comes_out_as_it_went_in_and_once(channel):
    channel._put(QUEUE, {"body": "十月"})
    assert channel._get(QUEUE) == {"body": "十月"}
    with pytest.raises(Empty):
        channel._get(QUEUE)


def test_whoever_looks_while_a_message_is_written_finds_none(channel, monkeypatch):
    put, seen = os.replace, []

    def looked(beside, path):
        with pytest.raises(Empty):
            channel._get(QUEUE)
        seen.append(os.path.getsize(beside))
        put(beside, path)

    monkeypatch.setattr(os, "replace", looked)
    channel._put(QUEUE, {"body": "x"})
    assert seen == [len('{"body": "x"}')]
    assert channel._get(QUEUE) == {"body": "x"}


def test_half_a_message_of_a_killed_process_ends_no_worker(channel, tmp_path, caplog):
    (tmp_path / "messages" / f"0_half.{QUEUE}.msg").write_bytes(b"")  # before any name that a clock gives
    channel._put(QUEUE, {"body": "x"})
    with pytest.raises(Empty):
        channel._get(QUEUE)
    assert "unreadable message" in caplog.text
    assert channel._get(QUEUE) == {"body": "x"}


def test_the_table_of_an_exchange_is_never_empty_and_keeps_every_queue(channel, tmp_path):
    channel._queue_bind("celery", "a", "", "first")
    channel._queue_bind("celery", "b", "", "second")
    assert sorted(each.queue for each in channel.get_table("celery")) == ["first", "second"]
    assert not list((tmp_path / "control").glob("*.part"))
