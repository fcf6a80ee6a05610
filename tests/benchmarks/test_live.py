"""The benchmark of live screens: what it makes of latencies, and that its readers understand the product's frames."""

import pytest

from benchmarks.live import tables
from benchmarks.live.contest import Measured
from benchmarks.live.readers import Crowd, Listener
from meetings.framing import event


def measured(*latencies, missing=0, cpu=0.5, kb=16.0):
    return Measured(sorted(latencies), missing, 0.2, kb, cpu, 10.0)


def test_rounds_are_summed_by_their_medians():
    rounds = [measured(*range(1, 101)), measured(*range(101, 201), missing=3), measured(*range(1, 101))]
    assert tables.summed(rounds) == {
        "p50": 51,
        "p99": 100,
        "missing": 3,
        "connect": 0.2,
        "kb": 16.0,
        "cpu": 5.0,
    }


@pytest.mark.parametrize(("ours", "said"), [(80, "reached"), (81, "MISSED")])
def test_a_target_is_a_ratio_to_the_bound_of_the_same_run(ours, said):
    lines = tables.targets({"bare": [measured(20)], "product": [measured(ours)]}).splitlines()
    assert lines == [
        f"p99 ÷ bare broadcast: {ours / 20:.2f} (target ≤ 4) {said}",
        "kB a viewer: 16.00 (target ≤ 40) reached",
    ]


def test_readers_take_the_number_of_each_state_however_its_bytes_come():
    crowd = Crowd(1)
    reader = Listener(crowd, b"")
    frames = b"retry: 2000\n\n" + b"".join(event("state", {"seq": one, "part": "SAL.R"}) for one in (2, 3, 5))
    for byte in frames + event("beat", {"server_now": "x"}):
        reader.data_received(bytes([byte]))
    assert crowd.ready.is_set() and sorted(crowd.had) == [3, 4, 5]
