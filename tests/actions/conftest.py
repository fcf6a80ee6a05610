"""The meeting whose end starts the 48 hours."""

from tests.meetings.conftest import room, start  # noqa: F401 - fixtures of tests/meetings
