"""What a source gave, and why it gave nothing. Pure."""

from dataclasses import dataclass, field
from pathlib import Path


class Failed(Exception):
    """Nothing was fetched; `code` and `params` are worded for each reader (metrics.feed_words).

    `permanent`: trying again changes nothing until somebody mends it.
    """

    def __init__(self, code: str, *, permanent: bool = True, **params):
        super().__init__(code)
        self.code, self.permanent, self.params = code, permanent, params


@dataclass(frozen=True)
class Fetched:
    """One file that was fetched. `marks` come back with the next question (ETag, Last-Modified)."""

    path: Path
    name: str
    marks: dict = field(default_factory=dict)
