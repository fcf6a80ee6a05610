"""What the code of the product may not contain: each rule is read from the parsed source, so a comment breaks none."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("reviewhub", "metrics", "okr", "actions", "meetings")
HTML_MADE_HERE = {
    "reviewhub/notices/channels/composing.py",  # the font of letters, a constant
    "meetings/web/record_boards.py",  # lines that metrics.svg_lines draws, which escapes
    "meetings/web/invitation.py",  # the square of an address
    "meetings/record.py",  # style sheet and lines
}


@cache
def sources() -> dict[str, ast.Module]:
    """Path → the parsed module, of everything that runs in production."""
    paths = (path for app in APPS for path in (ROOT / app).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or an attribute, else what can be read of it."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(pattern: str) -> set[tuple[str, str]]:
    """(path, name) of every call whose dotted name fits."""
    fits = re.compile(pattern).fullmatch
    return {
        (path, dotted(node.func))
        for path, module in sources().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and fits(dotted(node.func))
    }


def imports(pattern: str) -> set[tuple[str, str]]:
    """(path, module) of every import whose dotted name fits."""
    fits, found = re.compile(pattern).fullmatch, set()
    for path, module in sources().items():
        for node in ast.walk(module):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found |= {(path, name) for name in names if fits(name)}
    return found


def test_no_text_is_run_as_code():
    assert calls(r"(?:builtins\.)?(?:eval|exec|compile|__import__)") == set()


def test_no_shell_reads_what_somebody_typed():
    assert calls(r"os\.(?:system|popen|spawn\w*|exec\w*)|subprocess\.get(?:status)?output") == set()
    for path, module in sources().items():
        for node in ast.walk(module):
            assert not (isinstance(node, ast.keyword) and node.arg == "shell"), path


def test_nothing_is_unpacked_that_can_carry_code():
    assert imports(r"c?[pP]ickle|dill|shelve|marshal|jsonpickle") == set()
    assert calls(r"yaml\.(?:unsafe_load|full_load|load_all)") == set()
    assert {path for path, _name in calls(r"yaml\.load")} == {"metrics/intake/profile.py"}, (
        "with a safe loader"
    )
    assert "SafeLoader" in (ROOT / "metrics/intake/profile.py").read_text(encoding="utf-8")


def test_no_page_is_made_from_a_template_that_is_no_file():
    taken = {
        (path, one.name)
        for path, module in sources().items()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("django.template", "jinja2"))
        for one in node.names
    }
    assert {one for one in taken if one[1] in ("Template", "Engine", "engines")} == set()
    assert calls(r"(?:\w+\.)*from_string") == set()


def test_html_is_trusted_only_where_it_is_made():
    assert {path for path, _name in calls(r"(?:\w+\.)*(?:mark_safe|SafeString)")} <= HTML_MADE_HERE


def test_no_query_is_put_together_from_text_by_the_orm():
    assert calls(r".*\.(?:extra|raw)|(?:\w+\.)*RawSQL") == set()


def test_no_broken_hash_is_used():
    assert calls(r"(?:hashlib\.)?(?:md5|sha1)") == set()


def test_chance_decides_no_secret():
    """`random` plays rehearsals, spreads retries and breaks things on purpose; secrets come from `secrets`."""
    free = {"meetings/trials.py", "reviewhub/notices/backoff.py", "reviewhub/notices/crashpoints.py"}
    assert {path for path, _name in imports("random")} <= free | {
        path for path in sources() if path.startswith("reviewhub/demo/")
    }


@pytest.mark.parametrize(
    "library", ["ldap3?", r"lxml(\..*)?", "pylibmc|pymemcache|memcache", "graphene|graphql", "saml2|onelogin"]
)
def test_what_is_not_there_cannot_be_attacked(library):
    assert imports(library) == set()


def test_scripts_of_ours_run_no_text_and_hear_no_other_window():
    for path in (ROOT / "static/js").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function\(|document\.write|postMessage", text), path


def test_every_library_is_pinned_by_its_digest():
    for name in ("run", "test"):
        lines = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").splitlines()
        pinned = [line for line in lines if re.match(r"[a-zA-Z0-9].*==", line)]
        assert pinned and all(line.endswith("\\") for line in pinned), f"{name}: a line has no digest"
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)


def test_the_image_has_no_history_of_the_source():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ".git" in ignored
