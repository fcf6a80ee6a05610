"""The facilitator's private note: a line of the log that only its writer is ever shown."""

from meetings import capturing, causes, logbook
from meetings.models import Meeting
from meetings.problems import Problem, Refused
from reviewhub.people.models import User

NOTE, KEPT = "note.set", "note.kept"
LONGEST = 1000
# Lines of the log that no export, replay or minutes may show: the note, who found the talk off the subject, and
# who voted for which problem.
PRIVATE = (KEPT, "tangent.pressed", causes.VOTED)


def keep(meeting, arguments, client_id, by, at):
    """The note as it stands from now on; an empty one takes it away."""
    text = capturing.cleaned(arguments.get("text", ""))
    if len(text) > LONGEST:
        raise Refused(Problem("text_too_long", {"limit": LONGEST}))
    return logbook.aside(meeting, KEPT, {"text": text}, client_id, by, at)


def note_of(meeting: Meeting, person: User) -> str:
    """What `person` noted last; "" for everybody else's note."""
    row = meeting.events.filter(type=KEPT, actor=person).order_by("-seq").first()
    return row.payload["text"] if row else ""


ORDERS = {NOTE: keep}
