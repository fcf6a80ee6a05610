"""A commission statement that was drawn up, as a file to take along."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from metrics.exports import csv_bytes
from okr.web import pay_words
from okr.web.pay_statement import member_of

TYPE = "text/csv; charset=utf-8"


@never_cache
@require_GET
def statement_file(request, code, pk, person):
    """One row a line, then what is taken off and what is paid, in the company's currency; as the page says it."""
    member = member_of(request, code, pk, person)
    row = member.plan.statements.filter(person=member.person).first()
    if row is None:
        raise Http404
    drawn, currency = pay_words.statement(row), pay_words.company_currency()
    head = [
        _("Line"),
        _("Weight"),
        _("Target"),
        _("Actual"),
        _("Attained"),
        _("Factor"),
        _("To Logistics"),
        currency,
    ]
    rows = []
    for one in pay_words.terms(member.plan):
        line, found = one["row"], drawn["amounts"][one["row"].pk]
        rows.append(
            [line.name, line.weight, one["target"], found["actual"], found["attained"], found["factor"],
             found["partner"], found["own"]]
        )  # fmt: skip
    rows += [
        [name, *[""] * 6, value]
        for name, value in (
            (_("Sum of the lines"), drawn["earned"]),
            (_("Taken back for returns"), drawn["taken"] and -drawn["taken"]),
            (_("Still owed from before"), drawn["carried_in"] and -drawn["carried_in"]),
            (_("To be paid"), drawn["due"]),
            (_("Taken from the next payment"), drawn["carried_out"]),
        )
    ]
    if row.currency:
        rows.append([_("In %(currency)s, at the rate of the budget") % {"currency": row.currency}, *[""] * 6,
                     drawn["elsewhere"]])  # fmt: skip
    answer = HttpResponse(csv_bytes(head, rows), content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="commission-{code}-{member.person.username}.csv"'
    return answer
