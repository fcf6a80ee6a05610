"""Sign-in by allauth without open registration: people are invited."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):
    """Nobody signs up alone; an administrator adds people."""

    def is_open_for_signup(self, request):
        return False
