"""Why something cannot be done, as values: a code, its parameters, and the sentence for the reader."""

from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_noop

from meetings import refusals

SENTENCES = refusals.SENTENCES | {
    "not_the_facilitator": gettext_noop("Only the facilitator of this meeting can do that."),
    "may_not_capture": gettext_noop("Your role does not write in this meeting."),
    "cannot_facilitate": gettext_noop("%(name)s does not hold the role of a facilitator."),
    "may_not_plan": gettext_noop("Your role does not plan meetings."),
    "unknown_template": gettext_noop("There is no agenda template called “%(template)s”."),
    "in_the_past": gettext_noop("The start lies in the past."),
    "already_planned": gettext_noop("This review already has a meeting that is planned or running."),
    "no_review_held": gettext_noop(
        "An alignment meeting belongs to the last review that was held; none was."
    ),
    "not_ready": gettext_noop("The lobby of this meeting cannot be opened any more."),
    "not_open": gettext_noop("Nobody can sign in here now: the lobby is closed."),
    "not_cancellable": gettext_noop("A meeting that has begun cannot be cancelled."),
    "nothing_to_capture_in": gettext_noop("Notes are taken once the meeting has started, until it ends."),
    "empty_text": gettext_noop("Write a few words."),
    "text_too_long": gettext_noop("Write at most %(limit)s characters."),
    "client_id_taken": gettext_noop("This order was already given by another person."),
    "no_such_question": gettext_noop("This part has no such question."),
    "cannot_hold": gettext_noop("This person cannot run a meeting."),
    "already_facilitating": gettext_noop("You are facilitating already."),
    "claim_waits": gettext_noop("The facilitator is asked first and has %(seconds)s seconds to answer."),
    "nothing_offered": gettext_noop("No hand-over waits for your answer."),
    "not_live": gettext_noop("The meeting is not live."),
    "vote_length": gettext_noop("A vote lasts 10, 20 or 30 seconds."),
    "vote_is_open": gettext_noop("A vote is open already."),
    "vote_is_over": gettext_noop("The vote is over."),
    "may_not_vote": gettext_noop("Votes are for colleagues of the company."),
    "unknown_choice": gettext_noop("Answer yes, no or abstain."),
    "unknown_preset": gettext_noop("Time is paid by one of the offered orders only."),
    "agenda_closed": gettext_noop("The agenda is closed: the lobby is open, or the meeting has begun."),
    "agenda_moved_on": gettext_noop("Somebody changed this agenda meanwhile. Look at it as it stands now."),
    "nothing_to_undo": gettext_noop("Nothing was changed here that could be undone."),
    "too_many_items": gettext_noop("An agenda has at most %(most)s items."),
    "too_many_questions": gettext_noop("This item has %(most)s questions already."),
    "choose_fit": gettext_noop("Choose one of the fits."),
    "cannot_fit": gettext_noop(
        "Not possible: %(missing)s minutes missing. Drop a part, lower a minimum, or end later."
    ),
    "choose_template": gettext_noop("Choose a template."),
    "no_such_proposal": gettext_noop("This proposal is on the agenda already, or not there any more."),
    "empty_agenda": gettext_noop("The agenda has no item."),
    "over_budget": gettext_noop(
        "The agenda is %(minutes)s minutes over its budget: fit it, or accept its end."
    ),
    "under_budget": gettext_noop("The agenda ends %(minutes)s minutes early: fill them, or accept its end."),
    "not_published": gettext_noop("The agenda is a draft. Publish it first."),
    "nobody_of_that_name": gettext_noop("There is no such person."),
    "here_already": gettext_noop("This person is here already."),
    "not_here": gettext_noop("This person was not marked as here."),
    "may_not_doubt": gettext_noop("Figures are doubted by colleagues of the company."),
    "may_not_rule": gettext_noop("Doubts about figures are answered by who certifies figures."),
    "no_doubt": gettext_noop("No figure is in doubt."),
    "ruled_already": gettext_noop("This doubt was answered already."),
    "topic_parked": gettext_noop("This topic is parked already."),
    "nothing_parked": gettext_noop("No topic of this part is parked."),
    "not_the_presenter": gettext_noop("Only who presents the next item can say so."),
    "unknown_way": gettext_noop("Ask to speak, or to reply."),
    "unknown_order": gettext_noop("The queue goes by who spoke least, or by who asked first."),
    "queue_locked": gettext_noop("The queue is locked for now."),
    "speaking_already": gettext_noop("You have the floor."),
    "not_waiting": gettext_noop("Your hand is not up."),
    "not_in_queue": gettext_noop("This person is not waiting for the floor."),
    "nobody_waits": gettext_noop("Nobody waits for the floor."),
    "nobody_speaks": gettext_noop("Nobody has the floor."),
    "no_such_line": gettext_noop("This line does not stand in the meeting any more."),
    "not_a_date": gettext_noop("This is not a date."),
    "no_such_result": gettext_noop("There is no such key result."),
    "gate_open": gettext_noop(
        "Incomplete: %(count)s. Complete them on the closing page, or say there why the meeting ends all the same."
    ),
    "not_yours_to_answer": gettext_noop("Only whoever is to do it answers."),
    "unknown_answer": gettext_noop("Accept, propose something else, or decline."),
    "cannot_say": "%(why)s",
    "accepted_already": gettext_noop(
        "Its owner accepted this: another date or owner is proposed on the page of the task."
    ),
    "say_what_else": gettext_noop("Say what you propose, or why not."),
    "one_to_ten": gettext_noop("Choose one to ten."),
    "not_over_yet": gettext_noop("The minutes begin when the meeting has ended."),
    "nothing_changed": gettext_noop("Nothing has changed since the last version."),
    "say_why_again": gettext_noop("Say why there is a new version."),
    "judged_already": gettext_noop("The next meeting has judged this already."),
    "kept_or_not": gettext_noop("Say kept or not kept."),
    "not_over": gettext_noop("A meeting is rated when it closes."),
    "not_your_stage": gettext_noop(
        "The stage is set by the facilitator and by who presents the part on the floor."
    ),
    "no_such_block": gettext_noop(
        "This block cannot go up: it is not frozen, or not open to all colleagues."
    ),
    "block_not_on": gettext_noop("The cross-department block is not on the floor."),
    "no_such_issue": gettext_noop("This problem does not wait here any more."),
    "no_issue_now": gettext_noop("No problem has been taken up."),
    "votes_spent": gettext_noop("You have given your %(count)s votes. Take one back first."),
    "not_an_amount": gettext_noop("Give the money at stake as a whole amount."),
    "two_departments": gettext_noop("Choose two different departments."),
    "unknown_step": gettext_noop("Identify, discuss, or solve."),
    "no_such_branch": gettext_noop("This department has no branch here."),
    "branch_of_others": gettext_noop("Each department fills its own branch."),
    "branch_full": gettext_noop("A branch holds %(count)s causes."),
    "branch_empty": gettext_noop(
        "%(department)s has named no cause yet. Both departments fill their branch."
    ),
    "number_missing": gettext_noop("Add the number that shows it."),
    "cause_missing": gettext_noop("Say what the cause was."),
    "cause_is_a_department": gettext_noop(
        "A department is not a cause. Say which step, which figure, and since when."
    ),
    "outcome_missing": gettext_noop("Write a decision, a task, or both."),
    "malformed": gettext_noop("The order cannot be read: %(field)s."),
}


@dataclass(frozen=True)
class Problem:
    """One reason. `str()` words it in the reader's language."""

    code: str
    params: dict = field(default_factory=dict)

    def __str__(self):
        return gettext(SENTENCES[self.code]) % self.params


class Refused(Exception):
    """An order that the rules do not allow; nothing changed. `out_of_turn`: the meeting is past it."""

    def __init__(self, problem: Problem, out_of_turn: bool = False):
        super().__init__(problem.code)
        self.problem = problem
        self.out_of_turn = out_of_turn
