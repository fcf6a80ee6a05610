"""The review meeting: its agenda, its event log, and what was captured in it."""

from meetings.models.agenda import Part, Segment, Topic
from meetings.models.building import AgendaTemplate, AgendaVersion
from meetings.models.capture import ActionReview, Capture
from meetings.models.closing import Rating
from meetings.models.decision import DecisionReview
from meetings.models.improvement import Improvement
from meetings.models.log import Event
from meetings.models.meeting import Attendance, Meeting
from meetings.models.minutes import MinutesNote, MinutesVersion
from meetings.models.pin import FigurePin, PinAsker
from meetings.models.preread import Question, Receipt

__all__ = [
    "ActionReview",
    "AgendaTemplate",
    "AgendaVersion",
    "Attendance",
    "Capture",
    "DecisionReview",
    "Event",
    "FigurePin",
    "Improvement",
    "Meeting",
    "MinutesNote",
    "MinutesVersion",
    "Part",
    "PinAsker",
    "Question",
    "Rating",
    "Receipt",
    "Segment",
    "Topic",
]
