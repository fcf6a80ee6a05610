"""Every finding as full sentences in English and Chinese: what is wrong, and how to mend it. Pure.

A finding is stored as its code and parameters; these sentences are made when somebody reads it.
"""

from metrics.intake import findings_text_platforms as platforms
from metrics.intake.findings import Finding
from metrics.intake.findings_text_en import TEXTS as TEXTS_EN
from metrics.intake.findings_text_zh import TEXTS as TEXTS_ZH

ENGLISH, CHINESE = TEXTS_EN | platforms.ENGLISH, TEXTS_ZH | platforms.CHINESE


class _Blank(dict):
    """A parameter that an old finding does not carry is shown as nothing, never as an error."""

    def __missing__(self, key):
        return ""


def text(finding: Finding | dict, language: str) -> tuple[str, str]:
    """(message, hint) in the reader's language; Chinese for every code that starts with "zh", else English."""
    is_chinese = language.lower().startswith("zh")
    texts = CHINESE if is_chinese else ENGLISH
    stored = finding if isinstance(finding, dict) else vars(finding) | {"column": finding.column}
    code, params = stored["code"], _Blank(stored.get("params") or {})
    params.update({key: stored.get(key, "") for key in ("row", "column", "header", "value", "sheet")})
    for name in ("rule", "title"):
        params[name] = params[f"{name}_zh" if is_chinese else f"{name}_en"]
    params["previews"] = " / ".join(f"{one['encoding']}: {one['text']}" for one in params["previews"] or ())
    message, hint = texts.get(code, texts["UNKNOWN"])
    params["code"] = code
    return _chosen(message, params).format_map(params), _chosen(hint, params).format_map(params)


def _chosen(template: str | dict, params) -> str:
    """A template that depends on parameters is a mapping: their names, with blanks between → template where all of
    them are filled, "" else."""
    if isinstance(template, str):
        return template
    return next((t for names, t in template.items() if names and _filled(names, params)), template[""])


def _filled(names: str, params) -> bool:
    return all(params[name] not in ("", None, 0) for name in names.split())
