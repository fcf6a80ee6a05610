"""Compiles the translations with Babel, so that no machine needs gettext tools."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_all(locale: Path) -> list[Path]:
    """Write django.mo beside every django.po that is newer than it; returns what was written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        parts = sorted((source.parent.parent / "parts").glob("*.po"))
        newest = max(path.stat().st_mtime for path in [source, *parts])
        if target.exists() and target.stat().st_mtime >= newest:
            continue
        catalog = merged([source, *parts], source.parent.parent.name)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.replace(target)
        written.append(target)
    return written


def merged(paths: list[Path], name: str):
    """One catalogue of several files; a later file wins."""
    catalog = None
    for path in paths:
        with path.open("rb") as file:
            read = read_po(file, locale=name)
        if catalog is None:
            catalog = read
        else:
            for message in read:
                if message.id:
                    catalog[message.id] = message
    return catalog


if __name__ == "__main__":
    for path in compile_all(Path(__file__).resolve().parent.parent / "locale"):
        print(path)
