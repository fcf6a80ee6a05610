"""The HTTP API with the doors of every app; loaded by the first request for it, pages do without."""

from actions.web import api_actions
from metrics.web import api_dictionary, api_imports, api_readings, api_reviews, api_submissions
from reviewhub.api import numbered

api = numbered.made(
    title="ReviewHub",
    version="1",
    description="Numbers in, figures out, and what people promised. docs/api.md tells it with examples.",
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/v1", api_submissions.router, tags=["submissions"])
api.add_router("/v1", api_imports.router, tags=["submissions"])
api.add_router("/v1", api_readings.router, tags=["readings"])
api.add_router("/v1", api_dictionary.router, tags=["dictionary"])
api.add_router("/v1", api_actions.router, tags=["actions"])
api.add_router("/v1", api_reviews.router, tags=["reviews"])

urlpatterns = api.urls[0]
