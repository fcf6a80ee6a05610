"""Figures that a file states about itself, compared with what its rows amount to. Pure."""

from metrics.intake.findings import Finding, finding
from metrics.intake.profile import Profile


def differing_controls(profile: Profile, counts: dict) -> list[Finding]:
    """A warning for each declared control whose two counts disagree."""
    found = []
    for one in profile.controls:
        stated, computed = counts[one.stated], counts[one.computed]
        if stated != computed:
            difference = stated - computed
            params = {name: f"{value:f}" for name, value in
                      (("stated", stated), ("computed", computed), ("difference", difference))}  # fmt: skip
            found.append(finding("CONTROL_DIFFERS", rule_en=one.text_en, rule_zh=one.text_zh, **params))
    return found
