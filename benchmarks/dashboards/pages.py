"""The pages of every board as a person asks for them: queries, bytes, milliseconds, and what they load."""

import gc
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.dashboards.questions import Question
from metrics import sums
from metrics.boards import BOARDS
from reviewhub.people.models import User


@dataclass
class Page:
    address: str
    queries: int = 0
    size: int = 0
    ms: float = 0
    questions: list[Question] = field(default_factory=list)


def asked(names: Collection[str] = ()) -> list[Page]:
    """Every board of the registry, the explorer and the sales page, as the chief executive sees them.

    `names`: only those whose address has one of these in it.
    """
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(username="ceo"))
    boards = [reverse("board", args=[one.code]) for one in BOARDS]
    explored = [f"{reverse('explore', args=['SAL_NET'])}?by={one}" for one in ("region", "sku")]
    every = [*boards, *explored, reverse("sales")]
    return [_page(client, one) for one in every if not names or any(name in one for name in names)]


def _page(client, address: str) -> Page:
    page, read = Page(address), sums.read

    def recording(asked, sources):
        asked, sources = list(asked), tuple(sources)
        for one in asked:
            if one.codes or one.stocks:
                stocks, periods = tuple(one.stocks), tuple(one.periods)
                page.questions.append(Question(tuple(one.codes), stocks, periods, one.sums.columns, sources))
        return read(asked, sources)

    client.get(address)
    with mock.patch.object(sums, "read", recording), CaptureQueriesContext(connection) as told:
        begun = time.perf_counter()
        answer = client.get(address)
        page.ms = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    page.queries, page.size = len(told), len(answer.content)
    return page


def timed(call: Callable, rounds: int) -> tuple[list[float], object]:
    """Of each round its seconds, and the last answer. As in the servers (reviewhub.settled), the collector of garbage
    does not walk what was there before: here also every answer that is kept to be compared."""
    gc.collect()
    gc.freeze()
    times, answer = [], None
    for _round in range(rounds):
        begun = time.perf_counter()
        answer = call()
        times.append(time.perf_counter() - begun)
    return times, answer
