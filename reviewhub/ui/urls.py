"""The style page; included under /style/."""

from django.urls import path

from reviewhub.ui import web

urlpatterns = [path("style/", web.style, name="style")]
