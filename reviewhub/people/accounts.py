"""Whose account somebody means when they type a user name or an address."""

from django.db.models import Q

from reviewhub.people.models import User


def meant(login: str) -> User | None:
    """The one person who signs in as `login` (user name or e-mail, any case); None where nobody or several do."""
    if not login or "\0" in login:
        return None
    people = list(User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login))[:2])
    return people[0] if len(people) == 1 else None
