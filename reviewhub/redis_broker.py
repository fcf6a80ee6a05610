"""Redis as broker, mended: a worker that loses it with a task in hand goes on instead of ending (F08, M4).

kombu 5.7 gives back or acknowledges what a worker held over the channel that is gone, stumbles over
`'NoneType' object has no attribute 'hostname'` (or `'client'`), and the worker ends with "Unrecoverable error".
Said as what it is, a lost connection, both places know what to do. tests/faults/test_redis.py shows it.
"""

from kombu.transport import redis as library
from redis.exceptions import ConnectionError


class Channel(library.Channel):
    def _connparams(self, *args, **options):
        if self.connection is None:
            raise ConnectionError("this channel is closed")
        return super()._connparams(*args, **options)


class QoS(library.QoS):
    # The row is the truth: the sweep finds what was not finished, so nothing has to be given back.
    restore_at_shutdown = False


Channel.QoS = QoS


def mend() -> None:
    """From now on connections of this process use the mended channel."""
    library.Transport.Channel = Channel
