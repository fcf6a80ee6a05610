"""Exit status 0 when the site on this port answers /healthz: `python docker/healthy.py 8000`."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

asked = urllib.request.Request(
    f"http://127.0.0.1:{sys.argv[1]}/healthz",
    headers={
        "Host": urlsplit(os.environ.get("BASE_URL", "")).netloc or "127.0.0.1",
        "X-Forwarded-Proto": "https",
    },
)
with urllib.request.urlopen(asked, timeout=4):
    pass
