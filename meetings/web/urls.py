"""Addresses of these pages. Streams are answered before these (meetings.web.stream)."""

from django.urls import path

from meetings.web import decisions, opening, orders, pages, preread, record

urlpatterns = [
    path("meetings/", pages.meetings, name="meetings"),
    path("meetings/<int:pk>/", pages.meeting, name="meeting"),
    path("reviews/new/", opening.new_review, name="review-new"),
    path("reviews/<str:code>/pre-read/", preread.preread, name="preread"),
    path("reviews/<str:code>/pre-read/read", preread.read, name="preread-read"),
    path("reviews/<str:code>/pre-read/ask", preread.ask, name="preread-ask"),
    path("reviews/<str:code>/pre-read/<int:pk>/answer", preread.answer, name="preread-answer"),
    path("reviews/<str:code>/record.html", record.record, name="preread-record"),
    path("records/verify/", record.verify_record, name="verify-record"),
    path("reviews/<str:code>/decisions/", decisions.review_decisions, name="review-decisions"),
    path("meetings/<int:pk>/calendar.ics", pages.calendar_file, name="meeting-calendar"),
    path("meetings/<int:pk>/cancel", opening.cancel, name="meeting-cancel"),
    path("meetings/<int:pk>/run/", pages.console, name="meeting-run"),
    path("meetings/<int:pk>/stage/", pages.stage, name="meeting-stage"),
    path("meetings/<int:pk>/state", orders.state, name="meeting-state"),
    path("meetings/<int:pk>/time", orders.time, name="meeting-time"),
    path("meetings/<int:pk>/command", orders.command, name="meeting-command"),
    path("meetings/<int:pk>/stream", orders.stream, name="meeting-stream"),
]
