"""What a token may be used for, and which abilities of its person, or of a machine, that takes."""

from django.utils.translation import gettext_lazy as _

# Scope → in words. The order is that of the form.
PURPOSES = {
    "submissions:read": _("See data that was handed in, and what was found in it"),
    "submissions:write": _("Upload data and hand it in"),
    "readings:read": _("Read figures"),
    "dictionary:read": _("Read the dictionary"),
    "actions:read": _("See actions"),
    "actions:write": _("Move actions and check in"),
    "reviews:read": _("See reviews"),
}
# Whoever may write may see what became of it.
INCLUDED = {"submissions:write": ("submissions:read",), "actions:write": ("actions:read",)}
# Abilities that the API has doors for: nothing else that a person may do is done by token.
ABILITIES = (
    "submission.edit",
    "submission.hand_in",
    "submission.read_any",
    "figure.read_draft",
    "action.edit",
    "action.edit_any",
)
# A machine has no role: its abilities follow from its purposes, for its departments.
OF_MACHINES = {
    "submissions:read": ("submission.edit",),
    "submissions:write": ("submission.edit", "submission.hand_in"),
    "readings:read": ("submission.edit",),
    "actions:write": ("action.edit",),
}


def every(purposes) -> set[str]:
    """`purposes` with those that they include."""
    return {*purposes, *(other for one in purposes for other in INCLUDED.get(one, ()))}


def narrowed(held: dict, departments: set[int]) -> dict:
    """The abilities of a person as far as a token carries them; `departments` empty: wherever the person may."""
    found = {}
    for ability in ABILITIES:
        if where := held.get(ability):
            found[ability] = (departments if None in where else where & departments) if departments else where
    return {ability: where for ability, where in found.items() if where}


def of_machine(purposes, departments: set[int]) -> dict:
    """The abilities of a machine; `departments` empty: the whole company."""
    where = departments or {None}
    return {ability: set(where) for one in every(purposes) for ability in OF_MACHINES.get(one, ())}
