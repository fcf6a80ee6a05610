"""Who a name and a password belong to: one look, one hash, whether or not there is such a person (T21)."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.db.models import F, FilteredRelation, Q, Subquery

from reviewhub.people import accounts, passwords
from reviewhub.people.models import Company, User


class Known:
    """Of every session: its person, with what pages ask of them, and of their company, at once."""

    def get_user(self, user_id):
        """The person with department and abilities; None for nobody and for who may not enter. One query."""
        held = FilteredRelation("assignments", condition=Q(assignments__ended_at=None))
        rows = User.objects.filter(pk=user_id).select_related("department").annotate(held=held)
        named = {"held_abilities": F("held__role__abilities"), "held_for": F("held__department_id")}
        rows = list(rows.annotate(**named, company_written=Subquery(Company.objects.written())))
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        rows[0].hold((row.held_abilities, row.held_for) for row in rows if row.held_abilities is not None)
        return rows[0]


class SessionBackend(Known, ModelBackend):
    """Sessions that no password began."""


class PasswordBackend(Known, AuthenticationBackend):
    def authenticate(self, request, **credentials):
        if not passwords.is_hashable(credentials.get("password") or ""):
            raise PermissionDenied
        found = super().authenticate(request, **credentials)
        if found is None:
            raise PermissionDenied  # no other backend hashes the same guess again
        return found

    def _authenticate(self, request, **credentials):
        login = credentials.get("username") or credentials.get("email") or ""
        return self._check_password(accounts.meant(login), credentials["password"])
