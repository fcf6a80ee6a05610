"""The real site with its edge clock replaced (tests.edge). Only servers of a story may import this."""

import datetime as dt
import os
from pathlib import Path

from meetings import logbook
from tests.edge import CLOCK


def instant() -> dt.datetime:
    return dt.datetime.fromisoformat(Path(os.environ[CLOCK]).read_text())


logbook.instant = instant

from reviewhub.asgi import application  # noqa: E402, F401 - after the clock
