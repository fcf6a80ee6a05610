"""Addresses of people: the door, departments, one's own profile, the activity log, and the demonstration."""

from django.urls import include, path

from reviewhub.people.web import (
    activity,
    company,
    company_days,
    demo,
    departments,
    invitations,
    join,
    kept_forms,
    keys,
    people,
    profile,
    security,
)

urlpatterns = [
    path("accounts/", include("reviewhub.people.web.account_urls")),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:slug>/", departments.department, name="department"),
    path("company/", company.company, name="company"),
    path("company/days/", company_days.days, name="company-days"),
    path("company/days/<int:pk>/remove", company_days.remove, name="company-days-remove"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/roles/", people.assign, name="person-assign"),
    path("people/<int:pk>/roles/<int:assignment>/end", people.end_assignment, name="person-role-end"),
    path("people/<int:pk>/account", people.account, name="person-account"),
    path("people/<int:pk>/invitation", invitations.invite, name="person-invite"),
    path("people/<int:pk>/invitation/withdraw", invitations.revoke, name="person-invitation-withdraw"),
    path("people/<int:pk>/sessions/end", invitations.end_sessions, name="person-sessions-end"),
    path("people/<int:pk>/factors/remove", invitations.remove_factors, name="person-factors-remove"),
    path("join/<str:token>/", join.join, name="join"),
    path("again/", kept_forms.kept_form, name="kept-form"),
    path("activity/", activity.activity, name="activity"),
    path("profile/", profile.profile, name="profile"),
    path("profile/keys/", keys.own_keys, name="own-keys"),
    path("profile/security/", security.security, name="security"),
    path("profile/security/sessions/end", security.end_sessions, name="security-sessions-end"),
    path("profile/security/sessions/<int:pk>/end", security.end_session, name="security-session-end"),
    path("language", profile.language, name="language"),
    path("theme", profile.theme, name="theme"),
    path("demo/enter", demo.enter, name="demo-enter"),
]
