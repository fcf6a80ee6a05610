"""Who works here: company, departments and partners, people and their roles."""

import json
from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reviewhub.people import names
from reviewhub.people.models.company import ColourMeaning
from reviewhub.people.models.languages import bilingual


class DepartmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see every department; a partner sees its own."""
        if not user.is_active:
            return self.none()
        return self.filter(pk=user.department_id) if user.is_partner else self

    def active(self):
        return self.filter(is_active=True)

    def named(self, text: str):
        """Departments whose code, slug or name is `text` (any case, either language)."""
        return self.filter(
            models.Q(code__iexact=text)
            | models.Q(slug__iexact=text)
            | models.Q(name_zh__iexact=text)
            | models.Q(name_en__iexact=text)
        )


class Department(models.Model):
    """A department, a semi-independent subsidiary, or an outside partner that answers for figures."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("Department")
        SUBSIDIARY = "subsidiary", _("Subsidiary")
        PARTNER = "partner", _("Partner")

    code = models.CharField(max_length=8, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    mission_zh = models.CharField(max_length=300, blank=True)
    mission_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]

    def __str__(self):
        return self.code

    @property
    def name(self) -> str:
        return bilingual(self, "name")

    @property
    def mission(self) -> str:
        return bilingual(self, "mission")


class Duty(models.Model):
    """One line of what a department reports, analyses, proposes or contributes (P2)."""

    class Kind(models.TextChoices):
        REPORTS = "reports", _("Reports")
        ANALYSES = "analyses", _("Analyses")
        PROPOSES = "proposes", _("Proposes")
        CONTRIBUTES = "contributes", _("Contributes")

    department = models.ForeignKey(Department, models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)

    class Meta:
        ordering = ["department", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["department", "kind", "position"], name="duty_position")
        ]

    @property
    def text(self) -> str:
        return bilingual(self, "text")


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see each other; a partner sees its own people."""
        if not user.is_active:
            return self.none()
        people = self.filter(is_machine=False)
        return people.filter(department_id=user.department_id) if user.is_partner else people

    def active(self):
        """Who works here now."""
        return self.filter(is_active=True, is_machine=False)

    def with_role(self, code: str):
        return self.filter(assignments__role__code=code, assignments__ended_at=None).distinct()


class People(UserManager.from_queryset(UserQuerySet)):
    pass


class User(AbstractUser):
    """A person. `name` is what colleagues call them; empty language, zone or colours mean: browser, company."""

    name = models.CharField(max_length=80, blank=True)
    name_latin = models.CharField(max_length=80, blank=True)
    pinyin = models.CharField(max_length=200, blank=True, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="people")
    title_zh = models.CharField(max_length=80, blank=True)
    title_en = models.CharField(max_length=80, blank=True)
    language = models.CharField(
        max_length=10, blank=True, choices=[("", _("Browser")), ("zh-hans", "简体中文"), ("en", "English")]
    )
    time_zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(
        max_length=8,
        default="auto",
        choices=[("auto", _("System")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    colours = models.CharField(max_length=1, blank=True, choices=ColourMeaning)
    keys = models.JSONField(default=dict, blank=True, help_text="reviewhub.people.keys")
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    # A program that writes by token: figures and the log point to it, no list of people shows it.
    is_machine = models.BooleanField(default=False, editable=False)

    objects = People()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.display_name

    def save(self, *args, **kwargs):
        self.pinyin = names.search_key(self.name, self.name_latin, self.username)
        super().save(*args, **kwargs)

    @property
    def keys_json(self) -> str:
        """The keys as pages carry them to the browser."""
        return json.dumps(self.keys)

    @property
    def display_name(self) -> str:
        return names.displayed(self.name, self.name_latin, self.username, language=get_language() or "")

    def _get_session_auth_hash(self, secret=None):
        """What a session proves itself by: it dies with the password, and when all sessions are ended."""
        return salted_hmac(
            "reviewhub.session", f"{self.password}{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def title(self) -> str:
        return bilingual(self, "title")

    @cached_property
    def abilities(self) -> dict[str, set[int | None]]:
        """Ability code → departments it holds for; None in the set means the whole company.

        Who was made by `createsuperuser` is an administrator of the whole company: somebody has to add the first.
        """
        return self._abilities(
            self.assignments.filter(ended_at=None).values_list("role__abilities", "department_id")
        )

    def hold(self, rows: Iterable[tuple[list[str], int | None]]) -> None:
        """Keep the abilities of assignments that were read with the person: (abilities of a role, department)."""
        self.abilities = self._abilities(rows)

    def _abilities(self, rows: Iterable[tuple[list[str], int | None]]) -> dict[str, set[int | None]]:
        if not self.is_active:
            return {}
        held: dict[str, set[int | None]] = {}
        rows = list(rows)
        if self.is_superuser:
            rows += [(role.abilities, None) for role in Role.objects.filter(code="administrator")]
        for codes, department in rows:
            for code in codes:
                held.setdefault(code, set()).add(department)
        return held

    @property
    def is_partner(self) -> bool:
        """Belongs to an outside partner: sees only what is shared with it."""
        return bool(self.department_id) and self.department.kind == Department.Kind.PARTNER


class Role(models.Model):
    """A role of P4 as data: its abilities are codes of people.permissions."""

    code = models.SlugField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    abilities = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.code

    @property
    def name(self) -> str:
        return bilingual(self, "name")


class Assignment(models.Model):
    """A person holds a role, for one department or (department empty) for the whole company."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments")
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                condition=models.Q(ended_at=None),
                name="one_current_assignment",
            ),
            # NULL departments are distinct to a unique index: the company-wide one needs its own.
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(ended_at=None, department=None),
                name="one_current_company_wide_assignment",
            ),
        ]


class Confidentiality(models.IntegerChoices):
    """Who may know a thing (robustness §2.1)."""

    SHARED = 0, _("Shared with a partner")
    INTERNAL = 1, _("Internal")
    CONFIDENTIAL = 2, _("Confidential")
    SECRET = 3, _("Named persons only")


class PartnerShare(models.Model):
    """One thing shown to one partner; without a row the partner does not see it."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="shares")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "kind", "code"], name="shared_once")]
