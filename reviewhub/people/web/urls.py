"""Addresses of people: departments, one's own profile, the activity log, and the door of a demonstration."""

from django.urls import path

from reviewhub.people.web import activity, company, demo, departments, people, profile

urlpatterns = [
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:slug>/", departments.department, name="department"),
    path("company/", company.company, name="company"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/roles/", people.assign, name="person-assign"),
    path("people/<int:pk>/roles/<int:assignment>/end", people.end_assignment, name="person-role-end"),
    path("people/<int:pk>/account", people.account, name="person-account"),
    path("people/<int:pk>/password", people.password, name="person-password"),
    path("activity/", activity.activity, name="activity"),
    path("profile/", profile.profile, name="profile"),
    path("language", profile.language, name="language"),
    path("theme", profile.theme, name="theme"),
    path("demo/enter", demo.enter, name="demo-enter"),
]
