"""Files as broker, mended: a message is there whole or not at all (embedded use, decision 6).

kombu 5.7 opens a message file under its final name and writes afterwards; a worker that looks in between takes an empty
file away and ends with "Expecting value". The same with the table of an exchange that is made at this moment.
"""

import contextlib
import logging
import os
import tempfile
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.exceptions import ChannelError
from kombu.transport import filesystem as library
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


class Channel(library.Channel):
    def _put(self, queue, payload, **kwargs):
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, dumps(payload), put=os.replace)

    def _get(self, queue):
        try:
            return super()._get(queue)
        except (
            ValueError
        ):  # left by a process that was killed while it wrote; the sweep finds what it was about
            log.warning("an unreadable message of the queue %s was dropped", queue)
            raise Empty from None

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        path = self._exchange_file(exchange)
        if not path.exists():
            self.control_folder.mkdir(exist_ok=True)
            _write(path, "[]", put=_put_new)
        super()._queue_bind(exchange, routing_key, pattern, queue)


def _write(path: Path, text: str, *, put) -> None:
    """Write beside `path` under a name that no queue has, then `put` it there in one step. Raises ChannelError."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        put(beside, path)
    except OSError as error:
        raise ChannelError(f"{path} cannot be written") from error


def _put_new(beside: str, path: Path) -> None:
    """Put it there unless somebody was quicker."""
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    os.unlink(beside)


def mend() -> None:
    """From now on connections of this process use the mended channel."""
    library.Transport.Channel = Channel
