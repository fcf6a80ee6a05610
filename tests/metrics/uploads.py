"""Small files as people hand them over, and the fingerprint of everything that an import may change."""

import datetime as dt
import hashlib
from pathlib import Path

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from metrics import importing
from metrics.models import ImportJob
from metrics.periods import Period
from tests import make

REAL = Path(__file__).resolve().parents[3] / "shared/data/uci_online_retail"
DECEMBER = Period.parse("2010-12")
JANUARY = Period.parse("2011-01")
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
ROWS = [
    "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
    "536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom",
    "C536379,85123A,HEART,-1,2010-12-02 09:41:00,2.55,14527.0,France",
    "536370,22728,CLOCK,24,2010-12-03 08:45:00,3.75,,France",
    "536414,22139,FREE,56,2010-12-03 11:52:00,0,,United Kingdom",
]
# Tables that keep what was handed over and who did what; everything else is what figures are made of.
JOURNALS = {
    "metrics_importjob",
    "metrics_sourcefile",
    "people_activity",
    "django_session",
    "usersessions_usersession",
    "health_heartbeat",
}


def csv(rows=ROWS, header=HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def uploaded(content: bytes = b"", name="december.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or csv())


def receive(
    content: bytes = b"", *, at: dt.datetime, by=None, name="december.csv", period=DECEMBER, **options
):
    """Hand small bytes over for Sales; the receipt."""
    options.setdefault("department", make.department("SAL"))
    options.setdefault("enqueue", False)
    return importing.receive(uploaded(content, name), name=name, period=period, by=by, at=at, **options)


def imported(content: bytes = b"", *, at: dt.datetime, **options) -> ImportJob:
    """Hand small bytes over and import them; the job when it is over."""
    return importing.run(receive(content, at=at, **options).job.pk, at=at)


def codes(job: ImportJob) -> list[str]:
    return [finding["code"] for finding in job.outcome["findings"]]


def digest() -> dict[str, tuple[int, str]]:
    """Rows and hash of every table but the journals."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table in JOURNALS:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
