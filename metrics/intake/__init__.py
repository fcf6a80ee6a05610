"""From an uploaded file and a declarative profile to findings and facts. Pure: no Django, no database, no clock.

`check` reads one file; `Profile` says what its columns mean; `Limits` says how large it may be; `detect` names
the profile whose headers a file carries. Names are resolved when first used, because pandas and pyarrow are slow
to import and most pages only need the texts of findings.
"""

from importlib import import_module

_HOMES = {
    "check": "engine",
    "Outcome": "outcome",
    "Profile": "profile",
    "ProfileError": "profile",
    "Limits": "limits",
    "Finding": "findings",
    "detect": "detection",
    "display_name": "names",
    "text": "findings_text",
}
__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
