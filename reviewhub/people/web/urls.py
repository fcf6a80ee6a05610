"""Addresses of people: departments, one's own profile, the activity log, and the door of a demonstration."""

from django.urls import path

from reviewhub.people.web import activity, demo, departments, profile

urlpatterns = [
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:slug>/", departments.department, name="department"),
    path("activity/", activity.activity, name="activity"),
    path("profile/", profile.profile, name="profile"),
    path("language", profile.language, name="language"),
    path("theme", profile.theme, name="theme"),
    path("demo/enter", demo.enter, name="demo-enter"),
]
