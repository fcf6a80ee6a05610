"""Why an order was refused, in words. Pure: the sentences are translated where they are shown."""


def _(sentence):
    return sentence


SENTENCES = {
    "unknown_command": _("There is no order called “%(command)s”."),
    "unknown_part": _("This agenda has no part “%(part)s”."),
    "unknown_source": _("Time cannot be taken from “%(source)s”."),
    "unknown_reason": _("Say why the meeting pauses: break, technical, sidebar or emergency."),
    "not_in_lobby": _("The meeting has already been started."),
    "not_running": _("The meeting is not running."),
    "not_paused": _("The meeting is not paused."),
    "not_ended": _("The meeting has not ended."),
    "nothing_to_end": _("There is no running meeting to end."),
    "nothing_before": _("There is no earlier part to go back to."),
    "already_active": _("This part is already on the floor."),
    "already_done": _("This part is already closed."),
    "not_pending": _("Only a part that is still to come can lend time."),
    "lender_below_minimum": _("This part can lend at most %(spare_s)s seconds."),
    "seconds_out_of_range": _("Name between 1 and %(limit_s)s seconds."),
    "not_enough_left": _("Only %(left_s)s seconds are left."),
    "no_time_left": _("Nobody can pay for %(missing_s)s more seconds. Park the topic instead."),
    "needs_confirmation": _("This moves the end by %(seconds)s seconds. An executive has to confirm."),
    "nothing_to_undo": _("There is nothing to undo."),
    "too_late_to_undo": _("An order can be undone for %(limit_s)s seconds only."),
    "not_yours_to_undo": _("Only the person who gave the order can undo it."),
    "too_late_to_reopen": _("A meeting can be reopened for %(limit_s)s seconds only."),
}
