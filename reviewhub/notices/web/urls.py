"""Addresses of notices: the door of the links in mails."""

from django.urls import path

from reviewhub.notices.web import links

urlpatterns = [
    path("l/<str:token>/", links.form_link, name="form-link"),
]
