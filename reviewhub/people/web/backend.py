"""Who a name and a password belong to: one look, one hash, whether or not there is such a person (T21)."""

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied

from reviewhub.people import accounts, passwords


class PasswordBackend(AuthenticationBackend):
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
