"""A pytest plugin that prints what was planted or damaged by each seed, and what came of it."""


def pytest_runtest_logreport(report):
    told = dict(report.user_properties)
    if report.when != "call":
        return
    if planted := told.get("planted"):
        end = "certified at the second upload" if report.passed else "NOT MENDED"
        kinds = dict.fromkeys(sorted(planted["kinds"]))
        counted = ", ".join(f"{planted['kinds'].count(one)} × {one}" for one in kinds)
        print(
            f"\nseed {planted['seed']}: {planted['file']}, {planted['found']} errors listed, {end} ({counted})"
        )
    if damaged := told.get("mutations"):
        print("\n" + ", ".join(f"{name} {value}" for name, value in damaged.items()))
