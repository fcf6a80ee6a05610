"""Addresses of these pages."""

from django.urls import path

from metrics.web import (
    analysis,
    certify,
    checklist,
    dictionary,
    feeds,
    imports,
    sales,
    submissions,
    version,
    version_diff,
)

urlpatterns = [
    path("submissions/", submissions.submissions, name="submissions"),
    path("submissions/<int:pk>/", version.submission, name="submission"),
    path("submissions/<int:pk>/hand-in", version.hand_in, name="submission-hand-in"),
    path("submissions/<int:pk>/changes", version_diff.diff, name="submission-changes"),
    path("submissions/<int:pk>/explain", version.explain, name="submission-explain"),
    path("submissions/<int:pk>/withdraw", version.withdraw, name="submission-withdraw"),
    path("submissions/<int:pk>/file", version.submission_file, name="submission-file"),
    path("submissions/<slug:slug>/<str:code>/extend", checklist.extend, name="submissions-extend"),
    path("submissions/<slug:slug>/<str:code>/exempt", checklist.exempt, name="submissions-exempt"),
    path("submissions/<slug:slug>/<str:code>/analysis", analysis.analysis, name="analysis"),
    path("submissions/exemptions/<int:pk>/end", checklist.ask_again, name="exemption"),
    path("imports/<uuid:pk>/", imports.import_, name="import"),
    path("imports/<uuid:pk>/file", imports.import_file, name="import-file"),
    path("imports/<uuid:pk>/findings.csv", imports.import_findings, name="import-findings"),
    path("sources/", feeds.sources, name="sources"),
    path("sources/new/<slug:kind>/", feeds.new, name="source-new"),
    path("sources/<int:pk>/", feeds.source, name="source"),
    path("sources/<int:pk>/run", feeds.run, name="source-run"),
    path("sources/<int:pk>/switch", feeds.switch, name="source-switch"),
    path("sources/<int:pk>/delete", feeds.remove, name="source-delete"),
    path("certify/", certify.certify, name="certify"),
    path("certify/<int:pk>/certify", certify.certify_version, name="certify-version"),
    path("certify/<int:pk>/send-back", certify.send_back_version, name="send-back-version"),
    path("certify/reviews/<str:code>/freeze", checklist.freeze, name="freeze"),
    path("sales/", sales.sales, name="sales"),
    path("sales/<slug:block>.csv", sales.sales_csv, name="sales-csv"),
    path("metrics/", dictionary.dictionary, name="dictionary"),
    path("metrics/<slug:code>/", dictionary.metric, name="metric"),
]
