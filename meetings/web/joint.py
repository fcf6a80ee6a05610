"""One press that opens a joint project from a problem that two departments solved in a meeting."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actions import projects
from actions.models import Project
from meetings import joint
from meetings.web.orders import meeting_of


@require_POST
def open_project(request, pk, key):
    found = meeting_of(request, pk)
    try:
        project = joint.open_project(found, key, by=request.user, at=timezone.now())
    except projects.CannotKeep as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
        return redirect("meeting", pk)
    if project is None:
        raise Http404
    if not Project.objects.visible_to(request.user).filter(pk=project.pk).exists():
        return redirect("meeting", pk)
    messages.success(request, _("The project is open. Its lead can change goal and members."))
    return redirect("project", project.pk)
