"""The tables of people: who works here, the door that they come in by, and what they did."""

from reviewhub.people.models.company import ColourMeaning, Company, SecondFactor
from reviewhub.people.models.days import CompanyDays
from reviewhub.people.models.entry import CacheRow, GuessAllowance, Invitation
from reviewhub.people.models.languages import bilingual
from reviewhub.people.models.log import Activity, ActivityChain, ActivityQuerySet
from reviewhub.people.models.people import (
    Assignment,
    Confidentiality,
    Department,
    DepartmentQuerySet,
    Duty,
    PartnerShare,
    People,
    Role,
    User,
    UserQuerySet,
)

__all__ = [
    "Activity",
    "ActivityChain",
    "ActivityQuerySet",
    "Assignment",
    "CacheRow",
    "ColourMeaning",
    "Company",
    "CompanyDays",
    "Confidentiality",
    "Department",
    "DepartmentQuerySet",
    "Duty",
    "GuessAllowance",
    "Invitation",
    "PartnerShare",
    "People",
    "Role",
    "SecondFactor",
    "User",
    "UserQuerySet",
    "bilingual",
]
