"""Filters for numbers, money, changes, dates and spans in the reader's language (also reached through `ui`)."""

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reviewhub.ui import days, figures

register = template.Library()


def language() -> str:
    return get_language() or "en"


@register.filter
def number(value, places=0):
    return figures.number(value, int(places), language())


@register.filter
def money(value, currency="CNY"):
    """`{{ value|money:"CNY" }}` with cents; `"CNY,0"` for other places."""
    code, _comma, places = currency.partition(",")
    return figures.money(value, code, int(places or 2), language())


@register.filter
def magnitude(value, currency=""):
    return figures.magnitude(value, language(), currency)


@register.filter
def percent(ratio, places=1):
    return figures.percent(ratio, int(places), language())


@register.filter
def signed_number(value, places=0):
    return figures.signed(figures.number(value, int(places), language()), value)


@register.filter
def signed_money(value, currency="CNY"):
    return figures.signed(money(value, currency), value)


@register.filter
def signed_magnitude(value, currency=""):
    return figures.signed(magnitude(value, currency), value)


@register.filter
def signed_percent(ratio, places=1):
    return figures.signed_percent(ratio, int(places), language())


@register.filter
def points(ratio, places=1):
    return figures.points(ratio, int(places), language())


@register.filter
def clock(seconds):
    return figures.clock(seconds)


@register.filter
def span(seconds):
    return figures.span(seconds, language())


@register.filter
def duration(seconds):
    return figures.duration(seconds, language())


@register.filter
def minutes(seconds):
    return figures.minutes(seconds, language())


@register.filter
def file_size(size):
    return figures.file_size(size, language())


def local(at):
    """Moments in the reader's zone, which the middleware has activated."""
    return timezone.localtime(at) if hasattr(at, "tzinfo") and at.tzinfo else at


@register.filter
def day(on):
    return days.day(local(on), language())


@register.filter
def short_day(on):
    return days.short_day(local(on), language())


@register.filter
def month(on):
    return days.month(local(on), language())


@register.filter
def moment(at):
    return days.moment(local(at), language())


@register.filter
def short_moment(at):
    return days.short_moment(local(at), language())


@register.filter
def period(start, end):
    """`{{ row.period_start|period:row.period_end }}`; `end` is the day after the last one."""
    return days.period(start, end, language())


@register.filter
def listed(names):
    """Names one after the other, with the mark that the reader's language puts between them."""
    return _(", ").join(map(str, names))
