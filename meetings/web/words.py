"""The words that the live screens need in the browser, in the reader's language or in both."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def kinds() -> dict[str, str]:
    """Part kind → word; an item with a single part needs none."""
    return {"report": _("Report"), "discuss": _("Discussion"), "break": "", "reading": "", "single": ""}


def part_name(part) -> str:
    """`Sales · Discussion`: a part as lists name it, in the reader's language."""
    kind = kinds()[part.kind]
    return f"{part.segment.title} · {kind}" if kind else part.segment.title


def spoken() -> dict[str, str]:
    """Part kind → how a part is called aloud."""
    return {"report": _("{name} report"), "discuss": _("{name} discussion")}


def payer(source: str) -> str:
    return {
        "buffer": _("The buffer pays"),
        "compress": _("Later parts get shorter"),
        "end": _("The meeting ends later"),
    }[source]


def account(code: str) -> str:
    return {"BUFFER": _("Buffer"), "PAUSE": _("Pause"), "LATE": _("Late start")}[code]


def pause_reasons() -> dict[str, str]:
    return {
        "break": _("Break"),
        "technical": _("Technical trouble"),
        "sidebar": _("Talk aside"),
        "emergency": _("Emergency"),
    }


def park_targets() -> dict[str, str]:
    return {
        "parking_lot": _("parking lot"),
        "async": _("in writing"),
        "next_meeting": _("next meeting"),
    }


def screen() -> dict[str, str]:
    return {
        "draft": _("Starts at"),
        "ready": _("Starts at"),
        "lobby": _("Starts at"),
        "paused": _("Paused"),
        "closing": _("Closing"),
        "ended": _("Thank you"),
        "published": _("Thank you"),
        "cancelled": _("Cancelled"),
        "ends": _("Ends"),
        "next": _("Next"),
        "internal": _("Internal item"),
        "your_turn": _("You are up about {time}"),
        "your_turn_now": _("You are up now"),
        "nothing_next": _("Closing"),
        "part_of": _("Part {number} of {count}"),
        "decisions": _("Decisions"),
        "actions": _("Actions"),
        "topic": _("Agenda topic"),
        **{f"pause_{reason}": word for reason, word in pause_reasons().items()},
        "is_ready": _("{name} is ready"),
        "speaking": _("Speaking"),
        "next_speakers": pgettext("speakers", "Next"),
        "here": pgettext("in the room", "here"),
        **{f"step_{step}": word for step, word in steps()},
        "issues_first": _("Which problem first?"),
        "vote": _("Vote"),
        "answers": _("{count} answered"),
        "vote_yes": pgettext("vote", "Yes"),
        "vote_no": pgettext("vote", "No"),
        "vote_abstain": _("Abstain"),
        "vote_default": _("Five more minutes for this part?"),
    }


def both(words) -> dict[str, dict[str, str]]:
    """`words()` in both languages: the stage speaks to everybody at once."""
    found = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            found[short] = words()
    return found


def console() -> dict:
    """What elements say in the reader's own language; {braces} are filled in by the browser."""
    return (
        {
            "live": _("live"),
            "polling": _("asking every 5 s"),
            "offline": _("offline since {time}, local estimate"),
            "unsent": _("{count} to send"),
            "unanswered": _("The server does not answer. Look again before you repeat the order."),
            "on_time": _("on time"),
            "tight": _("tight"),
            "behind": _("late"),
            "of_used": _("of {allot} · used {used}"),
            "over_note": _("over · of {allot}"),
            "starts_in": _("to the start"),
            "late_note": _("past the start"),
            "paused_note": _("paused for {time}"),
            "closing_note": _("until the end"),
            "ended_note": _("The meeting has ended."),
            "spoken": spoken(),
            "minutes_said": [_("{number} minute"), _("{number} minutes")],
            "seconds_said": [_("{number} second"), _("{number} seconds")],
            "now_on": _("Now: {part}, {left}"),
            "now_over": _("Now: {part}, no time left"),
            "half": _("{part}: half time, {left} left"),
            "wrap_up": _("{part}: wrap up, {left} left"),
            "last_minute": _("{part}: {left} left"),
            "time_up": _("{part}: time is up"),
            "still_over": _("{part}: {over} over"),
            "left_in": _("{left} left in {part}"),
            "link_lost": _("Connection lost. The time goes on here."),
        }
        | hands()
        | the_floor()
        | signals()
        | votes()
        | issues()
        | written()
    )


def hands() -> dict[str, str]:
    """What is said when the console changes hands."""
    return {
        "now_you": _("You are now facilitating."),
        "claimed_of_you": _(
            "{name} wants to take the console over. Without an answer it goes over in {seconds} s."
        ),
        "claim_waits": _("The facilitator was asked. Without an answer the console is yours in {seconds} s."),
        "claim_goes": _("Taking over …"),
        "offered_to_you": _("The console is offered to you."),
        "offered_by_you": _("The console was offered to {name}."),
        "holder_silent": _("{name} facilitates; nothing has been heard from that console for a minute."),
        "holder_there": _("{name} facilitates."),
    }


def the_floor() -> dict[str, str]:
    """What is said about the speaker queue."""
    return {
        "floor_free": _("Nobody has the floor"),
        "floor_yours": _("You have the floor."),
        "floor_place": _("You are number {place} in the queue."),
        "floor_locked": _("The queue is locked for now."),
        "floor_reply": pgettext("to the speaker", "Reply"),
        "floor_others": _("Others"),
    }


def signals() -> dict[str, str]:
    """What is said about the room's small signals."""
    return {
        "tangent_noted": _("Noted. Only the facilitator sees how many."),
        "tangents": _("Off the subject: {count} in the last minute"),
        "tangents_ask": _("{count} people find this off the subject. Park it?"),
        "doubt_open": _("In doubt for {time}, the certified figure counts: {text}"),
        "doubts": _("{count} · {time} min lost"),
        "ready_say": _("I am ready for {part}"),
        "ready_said": _("You are ready for {part}"),
        "parked_topics": _("{count} parked here"),
    }


def votes() -> dict[str, str]:
    return {
        "vote_default": _("Five more minutes for this part?"),
        "vote_open": _("Vote open for {seconds} seconds: {text}"),
        "vote_rest": _("{seconds} s left"),
        "vote_over": _("Vote over"),
    }


def steps() -> list[tuple[str, str]]:
    """How a problem is solved, step by step."""
    return [
        ("identify", _("Identify")),
        ("discuss", _("Discuss the causes")),
        ("solve", pgettext("a problem", "Solve")),
    ]


def issues() -> dict:
    """What is said about the problems of the cross-department block."""
    return {
        "issue_votes": _("Votes: {count}"),
        "issue_left": _("Votes left: {count}"),
        "issue_box": _("{left} left of {box}"),
        "issue_over": _("{over} over its {box}"),
        "issue_more": _("{count} more"),
        "issue_solved": _("solved"),
        "issue_no_cause": _("No cause yet."),
        "issue_yours": _("A problem that asks your department"),
        "auto_in": _("The next part begins in {seconds} s."),
        "chart_up": _("On the stage: {block}"),
        "issue_steps": steps(),
    }


def written() -> dict:
    return {
        "missing": {
            "owner": _("no owner"),
            "due_on": _("needs a date"),
            "link": _("no key result"),
            "text": _("no text"),
        },
        "capture": capture_kinds(),
        "outbox": _("Kept here until the connection is back."),
        "minutes": _("{number} min"),
        "who_pays": _("Time is up. Who pays for more?"),
        "now_ends": _("Ends {time} instead of {before}"),
        "still_ends": _("Still ends {time}"),
        "present": _("{count} here"),
        "incomplete": _("{total} captured · {open} incomplete"),
    }


def capture_kinds() -> dict[str, str]:
    return {
        "decision": _("Decision"),
        "action": _("Action"),
        "issue": _("Issue"),
        "park": _("Parked"),
        "conflict": _("Conflict"),
        "data": _("Data doubt"),
        "risk": _("Risk"),
        "kudos": _("Thanks"),
        "vote": _("Vote"),
        "note": _("Note"),
    }
