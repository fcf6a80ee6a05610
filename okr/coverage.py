"""Pure. How much of a cascade hangs together, as figures that say what they count."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from okr.tree import OBJECTIVE, RESULT, Node, Tree

COMPANY_CONSENTED, DEPARTMENTS_CONTRIBUTING, PEOPLE_TRACED, OFFERS_LATE = (
    "COMPANY_CONSENTED",
    "DEPARTMENTS_CONTRIBUTING",
    "PEOPLE_TRACED",
    "OFFERS_LATE",
)


@dataclass(frozen=True)
class Figure:
    """`count` of `whole`; `share` is None where there is nothing to count."""

    code: str
    count: int
    whole: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.count, self.whole) if self.whole else None


def company_results(tree: Tree) -> list[Node]:
    return [one for one in tree if one.kind == RESULT and one.is_companys]


def carriers(tree: Tree, key: str) -> list[Node]:
    """Objectives and key results right below a key result, and those that help it."""
    helping = [one for one in tree if key in one.contributes]
    return [one for one in tree.below(key) if one.kind in (OBJECTIVE, RESULT)] + helping


def wanted(tree: Tree, key: str, agreed: Collection[tuple[str, str]]) -> list[Node]:
    """The carriers that both sides wanted; `agreed`: pairs of child and parent from offers. Links have two consents."""
    return [one for one in carriers(tree, key) if (one.key, key) in agreed or key in one.contributes]


def contributing(tree: Tree, department: str) -> list[Node]:
    """Key results of a department whose thread leads to the company's, by a parent or by what they help."""
    return [
        one
        for one in tree
        if one.kind == RESULT
        and department in (one.department, *one.owners)
        and any(tree.reaches_company(key) for key in (one.key, *one.contributes) if key in tree.nodes)
    ]


def traced(tree: Tree) -> set[int]:
    """Keys of the people who own a task or key result whose thread of parents leads to the company's."""
    return {
        one.person
        for one in tree
        if one.person is not None and one.kind != OBJECTIVE and tree.reaches_company(one.key)
    }


def figures(
    tree: Tree,
    *,
    agreed: Collection[tuple[str, str]],
    departments: Iterable[str],
    people: Collection[int],
    late: int,
    open_offers: int,
) -> list[Figure]:
    """The four figures in the order of the page; `people` are the keys of all colleagues."""
    top, codes = company_results(tree), list(departments)
    return [
        Figure(COMPANY_CONSENTED, sum(1 for one in top if wanted(tree, one.key, agreed)), len(top)),
        Figure(DEPARTMENTS_CONTRIBUTING, sum(1 for code in codes if contributing(tree, code)), len(codes)),
        Figure(PEOPLE_TRACED, len(traced(tree) & set(people)), len(people)),
        Figure(OFFERS_LATE, late, open_offers),
    ]
