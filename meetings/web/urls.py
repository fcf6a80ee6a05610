"""Addresses of these pages. Streams are answered before these (meetings.web.stream)."""

from django.urls import path

from meetings.web import (
    agenda_builder,
    choices,
    closing,
    decisions,
    doubts,  # noqa: F401 - enters its teller
    opening,
    orders,
    pages,
    pins,
    preread,
    questions,
    record,
    scribe,
    thanks,  # noqa: F401 - enters its maker
)

urlpatterns = [
    path("meetings/", pages.meetings, name="meetings"),
    path("meetings/<int:pk>/", pages.meeting, name="meeting"),
    path("boards/<slug:code>/<slug:block>/discuss", pins.board_figure, name="board-discuss"),
    path("metrics/<slug:code>/explore/<slug:block>/discuss", pins.explored_figure, name="explore-discuss"),
    path("agenda/figures/<int:pk>/", pins.figure, name="pin-figure"),
    path("agenda/figures/<int:pk>/withdraw", pins.withdraw, name="pin-withdraw"),
    path("reviews/new/", opening.new_review, name="review-new"),
    path("reviews/<str:code>/pre-read/", preread.preread, name="preread"),
    path("reviews/<str:code>/pre-read/read", preread.read, name="preread-read"),
    path("reviews/<str:code>/pre-read/ask", preread.ask, name="preread-ask"),
    path("reviews/<str:code>/pre-read/<int:pk>/answer", preread.answer, name="preread-answer"),
    path(
        "boards/<slug:code>/<slug:block>/questions/",
        questions.board_questions,
        name="board-questions",
    ),
    path(
        "metrics/<slug:code>/explore/<slug:block>/questions/",
        questions.explorer_questions,
        name="explore-questions",
    ),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/answer", questions.answer, name="question-answer"),
    path("reviews/<str:code>/record.html", record.record, name="preread-record"),
    path("records/verify/", record.verify_record, name="verify-record"),
    path("reviews/<str:code>/decisions/", decisions.review_decisions, name="review-decisions"),
    path("meetings/<int:pk>/calendar.ics", pages.calendar_file, name="meeting-calendar"),
    path("meetings/<int:pk>/agenda/", agenda_builder.builder, name="meeting-agenda"),
    path("meetings/<int:pk>/cancel", opening.cancel, name="meeting-cancel"),
    path("meetings/<int:pk>/run/", pages.console, name="meeting-run"),
    path("meetings/<int:pk>/stage/", pages.stage, name="meeting-stage"),
    path("meetings/<int:pk>/state", orders.state, name="meeting-state"),
    path("meetings/<int:pk>/time", orders.time, name="meeting-time"),
    path("meetings/<int:pk>/command", orders.command, name="meeting-command"),
    path("meetings/<int:pk>/presence", orders.presence, name="meeting-presence"),
    path("meetings/<int:pk>/choices", choices.choices, name="meeting-choices"),
    path("meetings/<int:pk>/prices", choices.prices, name="meeting-prices"),
    path("meetings/<int:pk>/scribe/", scribe.scribe, name="meeting-scribe"),
    path("meetings/<int:pk>/lines", scribe.lines, name="meeting-lines"),
    path("meetings/<int:pk>/close/", closing.gate, name="meeting-close"),
    path("meetings/<int:pk>/close/<int:line>", closing.fill, name="meeting-close-line"),
    path("meetings/<int:pk>/mine/", closing.mine, name="meeting-mine"),
    path("meetings/<int:pk>/mine/<int:line>", closing.answer, name="meeting-answer"),
    path("meetings/<int:pk>/stream", orders.stream, name="meeting-stream"),
]
