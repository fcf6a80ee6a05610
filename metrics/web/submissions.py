"""The data page of a department: what is due, the upload form, every version."""

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent
from django.core.paginator import Paginator
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from metrics import deadlines, importing, known_profiles, outcomes, reception, tidy_templates
from metrics import submission as handing
from metrics.models import ImportJob, Review, Submission
from metrics.periods import Period
from metrics.web import checklist_words
from metrics.web.outcome_words import CHIPS
from metrics.web.upload_form import UploadForm, guarded
from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with, may

VERSIONS = 20
REVIEWS = 4  # of those that are prepared; further ones are far away


@csrf_exempt  # only until the body is read through the guard; `guarded_submissions` is protected
@never_cache
@require_http_methods(["GET", "POST"])
def submissions(request):
    """GET the page; POST a file."""
    if request.method == "POST":
        request.upload_guard = guarded(request)
        try:
            request.POST  # noqa: B018 - reads the body through the guard
        except TooManyFilesSent:
            return redisplayed(request, None, outcomes.refusal("ONE_FILE"))
        except MultiPartParserError:
            return redisplayed(request, None, outcomes.refusal("FILE_MISSING"))
    return guarded_submissions(request)


@csrf_protect
def guarded_submissions(request):
    return upload(request) if request.method == "POST" else page(request, *departments_of(request))


def upload(request):
    form = UploadForm(request.POST, departments=own_departments(request.user))
    files = request.FILES.getlist("file")
    if refusal := refused_before_reading(request, form, files):
        return redisplayed(request, form, refusal)
    try:
        receipt = importing.receive(
            files[0],
            name=files[0].name,
            more=[(one, one.name) for one in request.FILES.getlist("parts")],
            by=request.user,
            at=timezone.now(),
            **form.options,
        )
    except reception.CannotReceive as refusal:
        return redisplayed(request, form, refusal.document)
    if receipt.is_known:
        messages.info(request, already(receipt.submission))
        return redirect("submission", receipt.submission.pk)
    return redirect("import", receipt.job.pk)


def refused_before_reading(request, form, files) -> dict | None:
    """The document that refuses this request whatever stands in the file; None when it may be read."""
    guard = request.upload_guard
    if guard.too_large:
        form.is_valid()
        return reception.too_large(guard.too_large)
    if guard.fields.get("file", 0) > 1 or len(files) > 1:
        return outcomes.refusal("ONE_FILE")
    if not files:
        return outcomes.refusal("FILE_MISSING")
    return None if form.is_valid() else outcomes.refusal("FORM_INVALID")


def already(version: Submission) -> str:
    """“Already uploaded by Wang at 10:02”, in the reader's zone."""
    who = version.uploaded_by.display_name if version.uploaded_by else _("the machine")
    at = timezone.localtime(version.uploaded_at)
    return _("These bytes are already here: uploaded by %(who)s on %(when)s.") % {
        "who": who,
        "when": f"{at:%Y-%m-%d %H:%M}",
    }


def redisplayed(request, form, document):
    """The page again with what was typed and why it was refused, under the status that says so."""
    department, departments = departments_of(request, form)
    problems = [outcomes.worded(one, get_language() or "en") for one in document["findings"]]
    if set(document["finding_counts"]) == {"FORM_INVALID"}:
        problems = []
    return page(
        request, department, departments, form=form, problems=problems, status=document["http_status"]
    )


def own_departments(user):
    return departments_with(user, "submission.edit")


def departments_of(request, form=None):
    """(the department shown, all that this person may look at); 404 for who may look at none."""
    user = request.user
    everything = may(user, "submission.read_any")
    readable = Department.objects.visible_to(user).active() if everything else own_departments(user)
    departments = list(readable)
    if not departments:
        raise Http404
    chosen = getattr(form, "cleaned_data", {}).get("department")
    slug = chosen.slug if chosen else request.GET.get("department", "")
    named = [department for department in departments if department.slug == slug]
    own = [department for department in departments if may(user, "submission.edit", department)]
    return (named or own or departments)[0], departments


def page(request, department, departments, *, form=None, problems=(), agreed=None, status=200):
    at, user = timezone.now(), request.user
    reviews = list(Review.objects.visible_to(user).upcoming(at)[:REVIEWS])
    review = next((one for one in reviews if one.code == wanted(request)), next(iter(reviews), None))
    may_upload = may(user, "submission.edit", department)
    if may_upload and form is None:
        first = {"department": department.slug, "period": period_of(review).text if review else ""}
        form = UploadForm(initial=first, departments=own_departments(user))
    rows = Submission.objects.visible_to(user).filter(department=department).select_related("uploaded_by")
    jobs = ImportJob.objects.visible_to(user).filter(department=department, submission=None)
    context = {
        "department": department,
        "switch": [
            {"label": one.name, "url": f"?department={one.slug}", "active": one == department}
            for one in departments
        ],
        "review": review,
        "review_switch": [
            {
                "label": period_of(one).text,
                "url": f"?department={department.slug}&review={one.code}#checklist",
                "active": one == review,
            }
            for one in reviews
        ],
        "kinds": kinds(department, review, user),
        "form": form if may_upload else None,
        "problems": problems,
        "most_bytes": reception.most_bytes(),
        "versions": listed(Paginator(rows, VERSIONS).get_page(request.GET.get("page"))),
        "open_jobs": jobs.select_related("source", "created_by").order_by("-created_at")[:5],
    }
    context |= checklist_words.shown(review, department, user, at=at)
    context |= checklist_words.NOTHING_TYPED | (agreed or {})
    return render(request, "metrics/submissions.html", context, status=status)


def wanted(request) -> str:
    """The review that is asked for: in the address of the page, or of the form that was refused."""
    match = request.resolver_match
    return request.GET.get("review", "") or (match.kwargs.get("code", "") if match else "")


def period_of(review: Review) -> Period:
    return Period.between(review.period_start, review.period_end)


def kinds(department: Department, review: Review | None, user) -> list[dict]:
    """Each kind of file that this department hands in, with its newest version for the review's period."""
    language = get_language() or "en"
    seen = Submission.objects.visible_to(user).filter(department=department)
    used = set(seen.order_by().values_list("profile", flat=True).distinct())
    own = [
        known
        for known in known_profiles.everything()
        if known.is_of(department) and (known.name in used or known.is_everyday)
    ]
    rows = Submission.objects.visible_to(user).filter(department=department, state__in=handing.LIVING)
    living = (
        rows.touching(review.period_start, review.period_end).order_by("number") if review else rows.none()
    )
    newest = {row.profile: row for row in living}
    tables = {one.profile: one.table for one in tidy_templates.of_department(department)}
    return [
        {
            "title": known.title(language),
            "name": known.name,
            "version": newest.get(known.name),
            "template": tables.get(known.name),
        }
        for known in own
    ]


def listed(versions):
    """Each version with its chip, its kind and whether it came late."""
    titles = {known.name: known.title(get_language() or "en") for known in known_profiles.everything()}
    versions.object_list = deadlines.mark_late(list(versions.object_list))
    for row in versions:
        row.kind_title = titles.get(row.profile, row.profile)
        row.chip = CHIPS.get(row.state, "none")
    return versions
