"""What each viewer of a live screen is sent, and whether they may watch it: everything that asks the database."""

import datetime as dt
from collections.abc import Iterable

import orjson

from meetings import floor_screen, logbook, screens, watching
from meetings.models import Meeting
from reviewhub.people.models import User


def event(name: str, data: dict) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


class Framer:
    """Makes frames for viewers (anything with `session_key`, `meeting_id` and `audience`). One thread at a time."""

    def __init__(self):
        self.doorkeeper = watching.Doorkeeper()

    def admitted(self, viewers: Iterable) -> list[tuple[int, bytes, int]]:
        """For each who asks to come in: HTTP status, the present state, the number of the last line.

        However many ask at once: a meeting is read once and each of its frames is made once. Sets their audience.
        """
        at, answers, made, shown = logbook.instant(), [], {}, {}
        signed_in = self.doorkeeper.signed_in({one.session_key for one in viewers}, at=at)
        allowed = _Allowed()
        for viewer in viewers:
            reader = signed_in.get(viewer.session_key)
            if reader is None or not allowed(viewer.meeting_id, reader):
                answers.append((401 if reader is None else 404, b"", 0))
                continue
            viewer.audience = watching.audience(reader)
            pk = viewer.meeting_id
            standing = shown[pk] = shown.get(pk) or _standing(pk)
            answers.append((200, self._frame_for(viewer, reader, standing, made, at), standing.meeting.seq))
        return answers

    def frames(self, meeting_id: int, viewers: Iterable, keys: set[str]) -> tuple[int, dict]:
        """The number of the last line, and viewer → frame of those who may still watch; `keys` of all who are there."""
        shown = _standing(meeting_id)
        at, readers = self._verdicts(viewers, keys)
        made: dict[tuple, bytes] = {}
        frames = {
            viewer: self._frame_for(viewer, reader, shown, made, at) for viewer, reader in readers.items()
        }
        return shown.meeting.seq, frames

    def beats(self, meeting_ids: Iterable[int], viewers: Iterable, keys: set[str]) -> dict:
        """Viewer → the server's time, and when the facilitator's browser was last heard of."""
        at, verdicts = self._verdicts(viewers, keys)
        leases = dict(Meeting.objects.filter(pk__in=list(meeting_ids)).values_list("pk", "lease_at"))
        now, beats = at.isoformat(timespec="milliseconds"), {}
        for viewer, reader in verdicts.items():
            lease = None if reader.is_partner else leases.get(viewer.meeting_id)
            seen = {"lease_at": lease.isoformat()} if lease else {}
            beats[viewer] = event("beat", {"server_now": now} | seen)
        return beats

    def _frame_for(self, viewer, reader: User, shown, made: dict, at: dt.datetime) -> bytes:
        told = shown.meeting.pk, viewer.audience, floor_screen.is_desk(shown.meeting, reader)
        if told not in made:
            captures = screens.visible_captures(shown.meeting, reader)
            made[told] = event("state", screens.document(shown, captures, reader=reader, at=at))
        return made[told]

    def _verdicts(self, viewers, keys) -> tuple[dt.datetime, dict]:
        """Viewer → person, for those who are signed in, in the same audience, and may see the meeting."""
        at = logbook.instant()
        signed_in = self.doorkeeper.signed_in(keys, at=at)
        self.doorkeeper.forget_all_but(keys)
        readers, allowed = {}, _Allowed()
        for viewer in viewers:
            reader = signed_in.get(viewer.session_key)
            if reader is None or watching.audience(reader) != viewer.audience:
                continue
            if allowed(viewer.meeting_id, reader):
                readers[viewer] = reader
        return at, readers


class _Allowed:
    """Whether somebody may watch a meeting, asked once for each audience."""

    def __init__(self):
        self.answers: dict[tuple[int, int], bool] = {}

    def __call__(self, meeting_id: int, reader: User) -> bool:
        question = meeting_id, watching.audience(reader)
        if question not in self.answers:
            self.answers[question] = watching.may_watch(meeting_id, reader)
        return self.answers[question]


def _standing(meeting_id: int):
    return screens.standing(Meeting.objects.select_related("facilitator", "review").get(pk=meeting_id))


def numbers(meeting_ids: Iterable[int]) -> list[tuple[int, int]]:
    """(meeting, number of its last line)."""
    return list(Meeting.objects.filter(pk__in=list(meeting_ids)).values_list("pk", "seq"))
