"""Addresses of notices: the door of the links in mails."""

from django.urls import path

from reviewhub.notices.web import calendars, hooks, inbox, links, queue, settings

urlpatterns = [
    path("l/<str:token>/", links.form_link, name="form-link"),
    path("notices/", inbox.notices, name="notices"),
    path("notices/bell", inbox.bell, name="notice-bell"),
    path("notices/read", inbox.mark_all, name="notices-read"),
    path("notices/<uuid:uuid>/open", inbox.open_notice, name="notice-open"),
    path("notices/<uuid:uuid>/mark", inbox.mark, name="notice-mark"),
    path("notices/settings/", settings.notice_settings, name="notice-settings"),
    path("notices/settings/hours", settings.hours, name="notice-hours"),
    path("notices/settings/test", settings.test, name="notice-test"),
    path("notices/settings/calendar", settings.subscribe, name="calendar-subscribe"),
    path("notices/settings/calendar/end", settings.unsubscribe, name="calendar-unsubscribe"),
    path("calendar/<str:token>.ics", calendars.feed, name="calendar-feed"),
    path("notices/queue/", queue.shown, name="notice-queue"),
    path("notices/queue/held", queue.held, name="notice-queue-held"),
    path("notices/queue/door", queue.door, name="notice-queue-door"),
    path("notices/queue/<uuid:uuid>/again", queue.again, name="notice-queue-again"),
    path("notices/hooks/", hooks.listed, name="notice-hooks"),
    path("notices/hooks/new/", hooks.new, name="notice-hook-new"),
    path("notices/hooks/<int:pk>/", hooks.hook, name="notice-hook"),
    path("notices/hooks/<int:pk>/switch", hooks.switch, name="notice-hook-switch"),
    path("notices/hooks/<int:pk>/test", hooks.test, name="notice-hook-test"),
    path("notices/hooks/<int:pk>/delete", hooks.remove, name="notice-hook-delete"),
]
