"""What must never be set on a server."""

from django.core.checks import Error, register

from reviewhub.notices import crashpoints


@register("security", deploy=True)
def no_crash_points(app_configs, **options):
    """TESTING=1 lets an environment variable kill workers and shorten leases."""
    if not crashpoints.IS_TEST:
        return []
    return [Error("TESTING=1 is for tests: it lets workers be killed.", hint="Unset it.", id="notices.E001")]
