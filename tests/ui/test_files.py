"""What lies in static/ and templates/: vendored with licence, hashed without stumbling, no inline code."""

import re
from pathlib import Path

import pytest

STATIC = Path("static")
# Mail programs know no style sheet of ours: letters carry their own styles and never stand on a page.
LETTERS = {*Path("templates/notices").glob("mail*.html"), *Path("templates/people/letters").glob("*.html")}
TEMPLATES = sorted({*Path("templates").rglob("*.html")} - LETTERS)
VENDORED = sorted(path for path in (STATIC / "vendor").iterdir() if path.is_dir())
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))


@pytest.mark.parametrize("folder", VENDORED, ids=lambda path: path.name)
def test_vendored_libraries_say_their_version_and_licence(folder):
    assert re.search(r"\d+\.\d+\.\d+", (folder / "VERSION").read_text())
    assert "Permission" in (folder / "LICENSE").read_text()


def test_nothing_vendored_points_at_a_source_map():
    assert [
        path for path in (STATIC / "vendor").rglob("*.*s") if b"sourceMappingURL" in path.read_bytes()
    ] == []


def test_every_icon_that_a_template_names_exists():
    named = {name for path in TEMPLATES for name in re.findall(r'\{% icon "([\w-]+)"', path.read_text())}
    assert named - SYMBOLS == set()


def test_templates_hold_no_inline_code():
    forbidden = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\bhx-on|\sstyle=|javascript:|<style")
    found = {str(path): hit.group(0) for path in TEMPLATES if (hit := forbidden.search(path.read_text()))}
    assert found == {}


def test_scripts_come_in_by_their_tag_which_knows_the_nonce():
    assert [str(path) for path in TEMPLATES if "<script" in path.read_text()] == []


def test_every_stylesheet_is_imported():
    entry = (STATIC / "css/main.css").read_text()
    files = {str(path.relative_to(STATIC / "css")) for path in (STATIC / "css").rglob("*.css")} - {"main.css"}
    files -= {"record.css"}  # written into the one file of a record (meetings/record.py)
    assert {name for name in files if f'url("{name}")' not in entry} == set()


def test_nothing_comes_from_another_host():
    ours = [*TEMPLATES, *(STATIC / "css").rglob("*.css"), *(STATIC / "js").rglob("*.js")]
    elsewhere = re.compile(r"""(?:src|href|url\(|from|import)\s*[=("']+\s*(?:https?:)?//""")
    assert [str(path) for path in ours if elsewhere.search(path.read_text())] == []
