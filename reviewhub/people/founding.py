"""What every installation starts with: the roles, the five departments and logistics, and their duties."""

from pathlib import Path

import yaml
from django.db import transaction

from reviewhub.people.models import Department, Duty, Role
from reviewhub.people.permissions import ROLES

DEPARTMENTS = Path(__file__).parent / "departments.yaml"


@transaction.atomic
def ensure() -> None:
    """Add what is missing; what an installation changed stays as it is."""
    for position, (code, (zh, en, abilities)) in enumerate(ROLES.items()):
        Role.objects.get_or_create(
            code=code, defaults={"name_zh": zh, "name_en": en, "abilities": abilities, "position": position}
        )
    if Department.objects.exists():
        return
    for position, row in enumerate(yaml.safe_load(DEPARTMENTS.read_text(encoding="utf-8"))):
        duties = row.pop("duties")
        department = Department.objects.create(position=position, **row)
        Duty.objects.bulk_create(
            Duty(department=department, kind=kind, position=place, text_zh=zh, text_en=en)
            for kind, lines in duties.items()
            for place, (zh, en) in enumerate(lines)
        )
