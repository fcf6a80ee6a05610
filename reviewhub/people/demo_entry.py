"""The open door of a demonstration: its people sign in without a password, on the machine itself and nowhere else."""

import ipaddress

from django.db.models import Case, IntegerField, Prefetch, Value, When

from reviewhub.people.models import Assignment, Company, User

# The names that `POST /demo/enter` takes, in the order in which the sign-in page shows them.
NAMES = (
    *("sales", "marketing", "supply", "finance", "tech", "logistics", "steward", "facilitator"),
    *("scribe", "ceo", "hr", "owner", "observer", "admin"),
)


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, IPv6 with or without brackets) is this machine alone."""
    host = host.strip().strip("[]")
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def is_open(company: Company | None, *, bound_to: str, asked_from: str) -> bool:
    """Demo sign-in exists: the demo command made this company, and server and visitor are the same machine."""
    return bool(company and company.is_demo) and is_loopback(bound_to) and is_loopback(asked_from)


def offered():
    """The demo people that exist here, in the order of NAMES, with their roles."""
    order = Case(
        *(When(username=name, then=Value(place)) for place, name in enumerate(NAMES)),
        output_field=IntegerField(),
    )
    current = Assignment.objects.filter(ended_at=None).select_related("role").order_by("role__position")
    return (
        User.objects.active()
        .filter(username__in=NAMES)
        .select_related("department")
        .prefetch_related(Prefetch("assignments", current, to_attr="current"))
        .order_by(order)
    )


def person(name: str) -> User | None:
    """The demo person of that name, or None."""
    return offered().filter(username=name).first() if name in NAMES else None
