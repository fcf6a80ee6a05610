"""Figures that a file states about itself, compared with what its rows amount to. Pure."""

from metrics.intake.findings import Finding, finding
from metrics.intake.profile import Profile


def differing_controls(profile: Profile, counts: dict) -> list[Finding]:
    """A finding for each declared control whose two counts disagree: an error where the profile says so."""
    found = []
    for one in profile.controls:
        stated, computed = counts[one.stated], counts[one.computed]
        if stated != computed and (not one.when or counts[one.when]):
            difference = stated - computed
            params = {name: f"{value:f}" for name, value in
                      (("stated", stated), ("computed", computed), ("difference", difference))}  # fmt: skip
            code = "CONTROL_BROKEN" if one.blocks else "CONTROL_DIFFERS"
            found.append(finding(code, rule_en=one.text_en, rule_zh=one.text_zh, **params))
    return found
