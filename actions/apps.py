"""Tasks."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"

    def ready(self):
        from actions import (  # noqa: PLC0415 - models are not loaded when this module is
            assigned_notices,
            blocker_ladder,
            budget_notices,
            cascade_tasks,
            checkin_calendar,
            checkin_kinds,
            complaint_notices,
            execution_board,
            overdue,
            promise_notices,
            recognition_notices,
            suggested,
            waiting_notices,
        )
        from reviewhub.people import appending  # noqa: PLC0415

        appending.seal("actions_promisestep")
        appending.seal("actions_proof")
        appending.seal("actions_complaintline")
        assigned_notices.register()
        checkin_kinds.register()
        complaint_notices.register()
        checkin_calendar.register()
        overdue.register()
        promise_notices.register()
        blocker_ladder.register()
        budget_notices.register()
        recognition_notices.register()
        suggested.register()
        waiting_notices.register()
        execution_board.register()
        cascade_tasks.register()
