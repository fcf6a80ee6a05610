"""A few answers are kept; many threads at once get each their own answer and never an error."""

import threading

from okr.remembered import Remembered


def test_the_answer_asked_for_longest_ago_is_let_go():
    store, made = Remembered(2), []

    def make(key):
        return store.kept(key, lambda: made.append(key) or key.upper())

    assert [make(key) for key in "abacb"] == ["A", "B", "A", "C", "B"]
    assert made == ["a", "b", "c", "b"]
    assert store.find("a") is None and store.find("c") == "C"


def test_threads_share_it():
    store, wrong = Remembered(3), []

    def run(offset):
        for turn in range(3000):
            key = (turn + offset) % 7
            try:
                if store.kept(key, lambda key=key: key * 10) not in (key * 10, None):
                    wrong.append(key)
            except KeyError as error:
                wrong.append(error)

    threads = [threading.Thread(target=run, args=(offset,)) for offset in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
