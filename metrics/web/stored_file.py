"""A kept file back to who may have it: as an attachment that no browser runs (robustness T10)."""

from django.http import FileResponse, Http404

from metrics import kept_files
from metrics.models import SourceFile


def download(source: SourceFile) -> FileResponse:
    """The bytes as they came. 404 when their time is over."""
    if not source.content:
        raise Http404
    try:
        stream = kept_files.path_of(source).open("rb")
    except OSError as error:
        raise Http404 from error
    answer = FileResponse(
        stream, as_attachment=True, filename=source.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "no-store, private"
    return answer
