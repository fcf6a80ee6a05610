"""The edge clock of the meetings, replaced: it stands in a file, and whoever tells a story moves it on."""

import datetime as dt
import os
from pathlib import Path

from tests.server import Server

CLOCK = "TESTS_EDGE_CLOCK"


class EdgeClock:
    """`at` is what every server and browser of a story takes for now."""

    def __init__(self, file: Path, at: dt.datetime):
        self.file = file
        self.set(at)
        os.environ[CLOCK] = str(file)  # servers that are started from now on read it

    def set(self, at: dt.datetime) -> None:
        self.at = at
        new = self.file.with_suffix(".new")
        new.write_text(at.isoformat())
        new.replace(self.file)


class EdgeSite(Server):
    """The whole site on the edge clock."""

    application = "tests.edge_site:application"
