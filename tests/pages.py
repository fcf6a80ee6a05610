"""Every page is light: few queries whatever the number of rows, and few bytes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

MOST_QUERIES, MOST_BYTES = 12, 300_000


def light(client, address: str, *, queries: int = MOST_QUERIES, most_bytes: int = MOST_BYTES):
    """The answer of `address`, with at most 12 queries (session and permissions included) and at most 300 kB.

    The address is asked once before, so that what a process reads only once does not count.
    """
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    told = "\n".join(query["sql"][:160] for query in asked.captured_queries)
    assert len(asked) <= queries, f"{address}: {len(asked)} queries\n{told}"
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert len(body) <= most_bytes, f"{address}: {len(body):,} bytes"
    return answer
