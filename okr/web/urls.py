"""Addresses of objectives and key results: one cycle, its gaps, one objective or key result, and the forms."""

from django.urls import path

from okr.web import commission, covering, editing, linking, offering, overview, pages, past, resetting

urlpatterns = [
    path("okr/", pages.newest, name="okr"),
    path("okr/past/", past.past, name="okr-past"),
    path("okr/commission/", commission.page, name="okr-commission"),
    path("okr/start/", past.start, name="okr-start"),
    path("okr/<str:code>/", overview.cascade, name="okr-cascade"),
    path("okr/<str:code>/map.svg", overview.picture, name="okr-drawing"),
    path("okr/<str:code>/gaps/", pages.gaps, name="okr-gaps"),
    path("okr/<str:code>/reset/", resetting.page, name="okr-reset"),
    path("okr/<str:code>/reset/close", resetting.close, name="okr-reset-close"),
    path("okr/<str:code>/reset/<int:pk>", resetting.grade, name="okr-grade"),
    path("okr/<str:code>/coverage/", covering.page, name="okr-coverage"),
    path("okr/<str:code>/coverage.csv", covering.csv, name="okr-coverage-csv"),
    path("okr/<str:code>/offers/", offering.listed, name="okr-offers"),
    path("okr/<str:code>/offers/new/", offering.new, name="okr-offer-new"),
    path("okr/<str:code>/offers/<int:pk>/", offering.page, name="okr-offer"),
    path("okr/<str:code>/offers/<int:pk>/<slug:kind>", offering.take, name="okr-offer-take"),
    path("okr/<str:code>/links/", linking.listed, name="okr-links"),
    path("okr/<str:code>/links/<slug:kind>/<int:pk>/accept", linking.accept, name="okr-link-accept"),
    path("okr/<str:code>/links/<slug:kind>/<int:pk>/end", linking.end, name="okr-link-end"),
    path("okr/<str:code>/objectives/new/", editing.new_objective, name="okr-objective-new"),
    path("okr/<str:code>/objectives/<int:pk>/", pages.objective, name="okr-objective"),
    path("okr/<str:code>/objectives/<int:pk>/edit/", editing.edit_objective, name="okr-objective-edit"),
    path("okr/<str:code>/objectives/<int:pk>/drop", editing.drop_objective, name="okr-objective-drop"),
    path("okr/<str:code>/results/new/", editing.new_result, name="okr-result-new"),
    path("okr/<str:code>/results/lint", editing.linted, name="okr-lint"),
    path("okr/<str:code>/results/<int:pk>/", pages.result, name="okr-result"),
    path("okr/<str:code>/results/<int:pk>/edit/", editing.edit_result, name="okr-result-edit"),
    path("okr/<str:code>/results/<int:pk>/drop", editing.drop_result, name="okr-result-drop"),
    path("okr/<str:code>/results/<int:pk>/ask", linking.ask, name="okr-ask"),
    path("okr/<str:code>/results/<int:pk>/measure", editing.measure, name="okr-measure"),
]
