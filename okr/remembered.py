"""Pure. A few answers kept by their keys; the one asked for longest ago is let go. Threads may share it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Remembered:
    """At most `most` answers. Two threads may make the same one: the answer is equal, and only costs twice."""

    def __init__(self, most: int):
        self.most, self._kept, self._lock = most, OrderedDict(), threading.Lock()

    def find(self, key: Hashable):
        """What is kept under `key`, None where nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, answer):
        with self._lock:
            self._kept[key] = answer
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return answer

    def kept(self, key: Hashable, make: Callable[[], object]):
        """What is kept under `key`, else what `make` gives, which is kept."""
        found = self.find(key)
        return self.keep(key, make()) if found is None else found
