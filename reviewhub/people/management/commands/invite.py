"""`manage.py invite --admin`: a one-time link for the first administrator; `invite NAME`: for somebody who exists."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reviewhub.people import accounts, invitations


class Command(BaseCommand):
    help = "Print a one-time link: it makes the first administrator, or sets a new password for somebody."

    def add_arguments(self, parser):
        parser.add_argument("person", nargs="?", help="user name or e-mail of somebody who exists")
        parser.add_argument("--admin", action="store_true", help="make the first administrator")
        parser.add_argument(
            "--email", default="", help="address that the form suggests to the first administrator"
        )

    def handle(self, *, person, admin, email, **options):
        if bool(person) == admin:
            raise CommandError("Say whom to invite: a user name, or --admin for the first one.", returncode=2)
        try:
            made = invitations.invite_first(email=email, at=timezone.now()) if admin else self.again(person)
        except invitations.CannotInvite as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        self.stdout.write(
            f"{made.link}\nIt works once, until {made.invitation.expires_at:%Y-%m-%d %H:%M} UTC."
        )

    def again(self, name) -> invitations.Made:
        """Who owns the server may help an administrator who locked themselves out."""
        found = accounts.meant(name)
        if found is None:
            raise CommandError(f"Nobody signs in as {name!r}.", returncode=2)
        return invitations.make(found, by=None, at=timezone.now())
