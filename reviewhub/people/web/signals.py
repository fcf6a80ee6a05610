"""What Django and allauth tell about the door: sessions begin, and what changed about it goes into the log."""

from allauth.account.internal.flows.login import record_authentication
from django.utils import timezone

from reviewhub.people import guessing, second_factor, sessions


def entered(sender, request, user, **_more) -> None:
    """Somebody signed in, by whatever door."""
    at = timezone.now()
    sessions.begin(request.session, at=at)
    request.entered = user
    guessing.forget(at=at)
    if request.resolver_match:  # a door of the site, not a session that a command made
        second_factor.noted("person.signed_in", user, by=user, at=at)


def left(sender, request, user, **_more) -> None:
    """Somebody signed out; a session that ran out is nobody's doing."""
    if user and request.resolver_match:
        second_factor.noted("person.signed_out", user, by=user, at=timezone.now())


def factor_added(sender, request, user, authenticator, **_more) -> None:
    """Whoever just proved it need not prove it again to see the recovery codes."""
    record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)
    if authenticator.type == authenticator.Type.TOTP:
        second_factor.use(authenticator, getattr(request, "totp_counter", 0))
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        second_factor.noted("person.factor_added", user, by=user, at=timezone.now())


def factor_removed(sender, request, user, authenticator, **_more) -> None:
    request.session.pop("has_factor", None)
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        second_factor.noted("person.factor_removed", user, by=user, at=timezone.now())


def password_changed(sender, request, user, **_more) -> None:
    second_factor.noted("person.password_changed", user, by=user, at=timezone.now())


def connect() -> None:
    from allauth.account import signals as account  # noqa: PLC0415 - apps are not loaded when this module is
    from allauth.mfa import signals as mfa  # noqa: PLC0415
    from django.contrib.auth.signals import user_logged_in, user_logged_out  # noqa: PLC0415

    user_logged_in.connect(entered)
    user_logged_out.connect(left)
    mfa.authenticator_added.connect(factor_added)
    mfa.authenticator_removed.connect(factor_removed)
    for told in (account.password_changed, account.password_set, account.password_reset):
        told.connect(password_changed)
