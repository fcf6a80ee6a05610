"""What the columns of a kind of file mean: a declarative profile, read from YAML and checked. Pure."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import yaml

from metrics.intake import expressions, template
from metrics.intake.joins import MAIN, Join, derived, joins
from metrics.intake.own_metrics import definitions
from metrics.intake.profile_parts import (
    Aggregate,
    Column,
    Control,
    DaySource,
    Exclusion,
    FileShape,
    OwnMetric,
    ProfileError,
    Rule,
    Slice,
)
from metrics.intake.profile_reader import (
    Section,
    aggregates,
    columns,
    exclusions,
    labels,
    rules,
    slices,
)
from metrics.intake.profile_shape import controls, day_source, file_shape
from metrics.intake.template import Template

SHIPPED = Path(__file__).resolve().parent.parent / "profiles"
MAX_CHARS = 64 * 1024
MAX_DEPTH = 30  # of brackets and of indents; the reader of YAML slows down with their square
GRAINS = ("day", "week", "month")
# The reader of YAML in C is ten times faster, where it was built.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What the other tables of a hand-in have in common with its main one.
COMMON = ("version", "department", "grain", "time_zone", "settings")

__all__ = ["Profile", "ProfileError"]


@dataclass(frozen=True, eq=False)
class Profile:
    """One kind of file. `metrics` and `counts` are aggregates over rows; `dimensions` name the slices of facts.

    `parts` are the other tables of the hand-in (files or sheets), each with columns, and with metrics or only to be
    looked up in. `required` tells of such a part whether it has to be there.
    """

    name: str
    version: int
    title_en: str
    title_zh: str
    department: str
    grain: str
    time_zone: str
    shape: FileShape
    columns: dict[str, Column]
    settings: dict[str, dict]
    day: str
    day_source: DaySource | None
    currency: Slice | None
    slices: dict[str, Slice]
    joins: tuple[Join, ...]
    derived: dict[str, expressions.Expression]
    conditions: dict[str, expressions.Expression]
    exclusions: tuple[Exclusion, ...]
    aggregates: dict[str, Aggregate]
    counted: dict[str, Aggregate]
    rules: tuple[Rule, ...]
    controls: tuple[Control, ...]
    key: tuple[str, ...]
    count_duplicate_rows: bool
    parts: dict[str, "Profile"]
    required: bool
    own_metrics: dict[str, OwnMetric]
    canonical: str
    template: Template | None = None

    @cached_property
    def digest(self) -> str:
        """Fingerprint of what the profile says, whatever its layout and comments."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def is_template(self) -> bool:
        return self.template is not None

    @property
    def metrics(self) -> list[str]:
        """The codes that it delivers, those of its parts included."""
        return [code for one in self.tables.values() for code in one.aggregates]

    @property
    def tables(self) -> dict[str, "Profile"]:
        """Every table of the hand-in by name, the main one first."""
        return {MAIN: self} | self.parts

    @property
    def day_column(self) -> str:
        """The column in which the day of a row stands, or by which it is looked up."""
        return self.stands_in(self.day)

    def stands_in(self, name: str) -> str:
        """The column of the file behind a name that is derived or joined."""
        if name in self.derived:
            return self.stands_in(sorted(self.derived[name].names)[0])
        for join in self.joins:
            if name in join.take or name in join.sums:
                return self.stands_in(join.match[0][0])
        return name

    @property
    def dimensions(self) -> list[str]:
        return list(self.slices)

    @property
    def reasons(self) -> dict[str, dict[str, str]]:
        """Why rows may be left out: reason → {"en", "zh"}."""
        named = (*self.shape.skip, *self.exclusions)
        return {one.reason: {"en": one.text_en, "zh": one.text_zh} for one in named}

    @property
    def count_labels(self) -> dict[str, dict[str, str]]:
        return {
            name: {"en": one.text_en, "zh": one.text_zh}
            for table in self.tables.values()
            for name, one in table.counted.items()
        }

    @classmethod
    def shipped(cls) -> list[str]:
        return sorted(path.stem for path in SHIPPED.glob("*.yaml"))

    @classmethod
    def load(cls, name: str) -> "Profile":
        """A shipped profile by name, read once. Raises ProfileError."""
        if name not in cls.shipped():
            raise ProfileError(f"no shipped profile is called {name!r}")
        return _shipped(name)

    @classmethod
    def parse(cls, text: str, *, trusted: bool = False) -> "Profile":
        """A profile from YAML text. Raises ProfileError with one sentence that names the place.

        `trusted`: a file of the product, whose nesting is not looked at before it is read.
        """
        own, spec = _template_of(_plain_yaml(text, trusted))
        parts = spec.pop("parts", {}) or {}
        specs = {MAIN: spec} | _part_specs(parts, spec)
        tables = {name: columns(Section(name, one).section("columns")) for name, one in specs.items()}
        others = {name: cls._of(one, tables, {}) for name, one in specs.items() if name != MAIN}
        profile = cls._of(spec, tables, others)
        if not profile.metrics:
            raise ProfileError("metrics: a profile has to deliver at least one metric")
        return replace(profile, template=own) if own else profile

    @classmethod
    def _of(cls, spec: dict, tables: dict, parts: dict[str, "Profile"]) -> "Profile":
        """One table of the profile; the main one carries the others as its parts."""
        top = Section("profile", spec)
        cols = columns(top.section("columns"))
        settings = {
            name: {"default": str(part.take("default", default="")), **labels(part)}
            for name, part in top.sections("settings")
        }
        names = {name: column.kind for name, column in cols.items()}
        linked = joins(top, tables, names)
        computed = derived(top, names)
        conditions = {}
        for name, source in top.take("conditions", kind=dict, default={}).items():
            conditions[name] = top.expression(f"conditions.{name}", source, names, expressions.TRUTH)
            names[name] = expressions.TRUTH
        days = [name for name, kind in names.items() if kind == expressions.DAY]
        texts = [name for name, kind in names.items() if kind == expressions.TEXT]
        sliced = slices(top, texts, settings, cols)
        added = aggregates(top, "metrics", names, settings)
        counted = aggregates(top, "counts", names)
        day, source = day_source(top, days, settings) if added or "day" in spec else ("", None)
        profile = cls(
            name=top.take("profile", kind=str),
            version=top.take("version", kind=int, default=1),
            **dict(zip(("title_en", "title_zh"), labels(top, "title").values(), strict=True)),
            department=top.take("department", kind=str),
            grain=top.choice("grain", GRAINS, default="day"),
            time_zone=top.zone("time_zone", default="UTC"),
            shape=file_shape(top.section("file", default={}), cols),
            columns=cols,
            settings=settings,
            day=day,
            day_source=source,
            currency=top.slice("currency", texts, settings, cols),
            slices=sliced,
            joins=linked,
            derived=computed,
            conditions=conditions,
            exclusions=exclusions(top, names),
            aggregates=added,
            counted=counted,
            rules=rules(top, cols, names),
            controls=controls(top, counted),
            key=top.names("key", cols),
            count_duplicate_rows=top.take("duplicate_rows", kind=str, default="ignore") == "count",
            parts=parts,
            required=top.take("required", kind=bool, default=True),
            own_metrics=definitions(top, added, sliced),
            canonical=json.dumps(
                [spec, *(one.canonical for one in parts.values())] if parts else spec,
                sort_keys=True,
                ensure_ascii=False,
                separators=(",", ":"),
                default=str,
            ),
        )
        top.done()
        return profile


@cache
def _shipped(name: str) -> Profile:
    return Profile.parse((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"), trusted=True)


def _part_specs(parts, main: dict) -> dict[str, dict]:
    """The spec of every other table, with what it has in common with the main one."""
    found = {}
    for name, _part in Section("profile", {"parts": parts}).sections_of("parts"):
        spec = parts[name]
        if name == MAIN:
            raise ProfileError("parts.main: this is the name of the main table")
        for key in COMMON:
            if key in spec:
                raise ProfileError(f"parts.{name}.{key}: stands in the main part of the profile")
        common = {key: main[key] for key in COMMON if key in main}
        found[name] = common | {"profile": name} | spec
    return found


class _ShallowLoader(yaml.SafeLoader):
    """Gives up at the first bracket or indent that is deeper than any profile."""

    def fetch_flow_collection_start(self, token_class):
        self._check_depth()
        super().fetch_flow_collection_start(token_class)

    def add_indent(self, column):
        self._check_depth()
        return super().add_indent(column)

    def _check_depth(self):
        if self.flow_level + len(self.indents) > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=self.get_mark())


def _template_of(written: dict) -> tuple[Template | None, dict]:
    """(the template, the profile without it)."""
    try:
        return template.described(written) if template.is_template(written) else None, template.plain(written)
    except (KeyError, TypeError, AttributeError) as error:
        raise ProfileError(f"template: {error} is missing or is not what is expected here") from None


def _plain_yaml(text: str, trusted: bool) -> dict:
    if len(text) > MAX_CHARS:
        raise ProfileError(f"a profile may have {MAX_CHARS} characters; this one has {len(text)}")
    try:
        for event in () if trusted else yaml.parse(text, Loader=_ShallowLoader):
            if isinstance(event, yaml.AliasEvent):
                raise ProfileError("anchors and aliases are not part of a profile")
        spec = yaml.load(text, Loader=LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" (line {place.line + 1})" if place else ""
        raise ProfileError(f"this is not YAML{where}: {getattr(error, 'problem', error)}") from None
    if not isinstance(spec, dict):
        raise ProfileError("a profile is a mapping of names to values")
    return spec
