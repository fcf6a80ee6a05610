"""Addresses of actions: the board, one press that moves an action, and the check-in every two weeks."""

from django.urls import path

from actions.web import (
    action,
    blocked_block,  # noqa: F401 - enters its maker
    blocker,
    board,
    budget,
    checkin,
    checkins,
    complaint,
    dependency,
    execution_blocks,  # noqa: F401 - enters its makers
    from_figure,
    from_product,
    project,
    proof,
    recognition,
)

urlpatterns = [
    path("actions/", board.actions, name="actions"),
    path("actions/<int:pk>/", action.action, name="action"),
    path("actions/<int:pk>/answer", action.answer, name="action-answer"),
    path("actions/<int:pk>/proof", proof.give, name="action-proof"),
    path("actions/<int:pk>/status", board.status, name="action-status"),
    path("actions/<int:pk>/wait", dependency.wait, name="action-wait"),
    path("actions/<int:pk>/wait/<int:dependency>/end", dependency.end, name="action-wait-end"),
    path("actions/<int:pk>/details", dependency.details, name="action-details"),
    path("boards/<slug:code>/<slug:block>/task", from_figure.board_task, name="board-task"),
    path("metrics/<slug:code>/explore/<slug:block>/task", from_figure.explored_task, name="explore-task"),
    path("boards/sales/lifecycle/products/task", from_product.product_task, name="product-task"),
    path("checkin/", checkin.checkin, name="checkin"),
    path("checkin/calendar.ics", checkins.calendar_file, name="checkin-calendar"),
    path("checkins/", checkins.checkins, name="checkins"),
    path("checkins/rhythm/", checkins.rhythm, name="checkin-rhythm"),
    path("checkins/blockers/<int:pk>/", blocker.blocker, name="checkin-blocker"),
    path("complaints/", complaint.listed, name="complaints"),
    path("complaints/new/", complaint.new, name="complaint-new"),
    path("complaints/<int:pk>/", complaint.complaint, name="complaint"),
    path("complaints/<int:pk>/write", complaint.write, name="complaint-write"),
    path("projects/", project.projects, name="projects"),
    path("projects/new/", project.new, name="project-new"),
    path("projects/<int:pk>/", project.project, name="project"),
    path("projects/<int:pk>/change/", project.change, name="project-change"),
    path("projects/<int:pk>/task", project.task, name="project-task"),
    path("projects/<int:pk>/close", project.close, name="project-close"),
    path("recognitions/", recognition.recognitions, name="recognitions"),
    path("recognitions/new/", recognition.new, name="recognition-new"),
    path("recognitions/<int:pk>/decide", recognition.decide, name="recognition-decide"),
    path("joint-wins/", recognition.joint_wins, name="joint-wins"),
    path("reviews/<str:code>/budget/", budget.budget_adjustment, name="budget"),
    path("reviews/<str:code>/budget/allow", budget.allow, name="budget-allow"),
    path("reviews/<str:code>/budget/confirm/<slug:slug>", budget.confirm, name="budget-confirm"),
]
