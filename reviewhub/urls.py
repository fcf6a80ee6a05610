"""All addresses: each app keeps its own in web/urls.py."""

from django.urls import include, path

from reviewhub.health.web import healthz, metrics
from reviewhub.home import home
from reviewhub.programs import api

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="figures"),
    path("", include("reviewhub.ui.urls")),
    path("", include("reviewhub.people.web.urls")),
    path("", include("reviewhub.api.web.urls")),
    path("", include("reviewhub.notices.web.urls")),
    path("", include("metrics.web.urls")),
    path("", include("okr.web.urls")),
    path("", include("actions.web.urls")),
    path("", include("meetings.web.urls")),
    path("api/<path:path>", api, name="api"),
]

handler500 = "reviewhub.health.web.broken.broken"
