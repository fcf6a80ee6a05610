"""docs/security.md and docs/robustness.md name tests that exist, for requirements of ASVS 5.0 and for bad inputs."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"\| (V\d+\.\d+\.\d+) \| ([123]) \| ([^|]+) \| ([^|]+) \|([^|]*)\|")
LINK = re.compile(r"`([\w/]+\.py)::(\w+)`")


@cache
def named_in(path: str) -> set[str]:
    """The names of the tests in a file below tests/."""
    module = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(module) if isinstance(node, functions)}


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_linked_test_exists():
    linked = [link for name in ("security.md", "robustness.md") for link in LINK.findall(page(name))]
    missing = [f"{path}::{name}" for path, name in linked if name not in named_in(path)]
    assert len(linked) > 180 and missing == []


def test_at_least_150_requirements_of_level_1_and_2_stand_there_once_and_what_is_met_has_its_test():
    lines = LINE.findall(page("security.md"))
    named = [number for number, *_rest in lines]
    assert len(named) == len(set(named)) > 230
    for number, _level, _what, state, links in lines:
        assert state.startswith(("met", "in part", "not met", "not shown", "n/a", "left to you")), number
        assert LINK.findall(links) or state != "met", f"{number} says that it is met, and by no test"
    held = [number for number, level, _what, _state, links in lines if level != "3" and LINK.findall(links)]
    assert len(held) >= 150
