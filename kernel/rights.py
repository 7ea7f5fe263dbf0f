"""Rights: who may do something with an item, said once – a value that decides, and that says itself in Chinese.

`allows(who, item, tests)` asks only `who.id`, `who.kind`, `who.roles`, `who.grants`, `who.units`, `who.sides`
and `who.holds(role, at=…)`, and attributes of the item; its place is `item.area_path`. What needs a store is a named
right: the service supplies its test, `tests[name](who, item)`. `where(model, who)` is the same as a condition on rows,
so that a list is what its reader may read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import and_, false, func, not_, or_, true

from kernel.codes import Role

Test = Callable[[Any, Any], bool]
Tests = Mapping[str, Test]
Where = Callable[[Any, Any], Any]
NO_TESTS: Tests = {}


@dataclass(frozen=True)
class Right:
    """`test` decides; `words` say it; `roles` are those of which one would do, named in a refusal."""

    words: str
    test: Callable[[Any, Any, Tests], bool] = field(compare=False)
    roles: tuple[Role, ...] = ()
    choice: Callable[[Any, Any, Tests], Right] | None = field(default=None, compare=False)
    condition: Where | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.words

    def allows(self, who: Any, item: Any, tests: Tests = NO_TESTS) -> bool:
        """Whether `who` may do it with this item, whatever its state. Errors: KeyError for a right without its test."""
        return self.test(who, item, tests)

    def where(self, model: Any, who: Any) -> Any:
        """The rows of `model` for which `allows`. Errors: TypeError for a right that only a program can judge."""
        if self.condition is None:
            raise TypeError(f"no condition on rows says “{self}”")
        return self.condition(model, who)

    def chosen(self, who: Any, item: Any, tests: Tests = NO_TESTS) -> Right:
        """The part that counts for this item, whose roles would do."""
        return self.choice(who, item, tests) if self.choice else self

    def __or__(self, other: Right) -> Right:
        return Right(
            "，或".join(str(each) for each in (self, other) if str(each)),
            lambda who, item, tests: self.allows(who, item, tests) or other.allows(who, item, tests),
            tuple(dict.fromkeys((*self.roles, *other.roles))),
            condition=lambda *asked: or_(self.where(*asked), other.where(*asked)),
        )

    def but(self, never: Right) -> Right:
        """These, but none of those."""
        return Right(
            _except(str(self), str(never)),
            lambda who, item, tests: self.allows(who, item, tests) and not never.allows(who, item, tests),
            self.roles,
            self.chosen,
            lambda *asked: and_(self.where(*asked), not_(func.coalesce(never.where(*asked), false()))),
        )

    def given(self, case: Right) -> Right:
        """These, only in such a case."""
        return Right(
            f"{self}（限{case}）",
            lambda who, item, tests: self.allows(who, item, tests) and case.allows(who, item, tests),
            self.roles,
            self.chosen,
            lambda *asked: and_(self.where(*asked), case.where(*asked)),
        )

    def unless(self, case: Right, instead: Right) -> Right:
        """These; in such a case those instead."""

        def one(*asked: Any) -> Right:
            return instead if case.allows(*asked) else self

        return Right(
            f"{self}；{case}，限{instead}",
            lambda *asked: one(*asked).allows(*asked),
            self.roles,
            lambda *asked: one(*asked).chosen(*asked),
        )

    def said(self, words: str) -> Right:
        """The same in better words."""
        return replace(self, words=words)


def at(*roles: Role) -> Right:
    """One of these roles at the item's place or above."""
    words = "该处的" + "、".join(role.label for role in roles)

    def near(model: Any, who: Any) -> Any:
        nodes = sorted({grant.node for grant in who.grants if grant.role in roles})
        return or_(false(), *(model.area_path.within(node) for node in nodes))

    def covers(who: Any, item: Any, _: Tests) -> bool:
        return any(who.holds(role, at=item.area_path) for role in roles)

    return Right(words, covers, roles, condition=near)


def inside(*roles: Role) -> Right:
    """One of these roles at the item's place, above it, or at a place in it."""
    words = "该处范围内的" + "、".join(role.label for role in roles)
    covering = at(*roles)

    def below(model: Any, who: Any) -> Any:
        nodes = sorted({grant.node for grant in who.grants if grant.role in roles})
        return or_(covering.where(model, who), *(model.area_path.op("@>", is_comparison=True)(node) for node in nodes))

    def holds(who: Any, item: Any, tests: Tests) -> bool:
        held = (grant.node for grant in who.grants if grant.role in roles)
        return covering.allows(who, item, tests) or any(node.startswith(f"{item.area_path}.") for node in held)

    return Right(words, holds, roles, condition=below)


def anywhere(*roles: Role) -> Right:
    """One of these roles, wherever it is held."""
    words = "、".join(role.label for role in roles)
    return Right(words, lambda who, item, _: any(who.holds(role) for role in roles), roles)


def own(*names: str, words: str) -> Right:
    """The one whose id stands in one of these attributes of the item."""
    return Right(
        words,
        lambda who, item, _: who.id in {str(getattr(item, name)) for name in names},
        condition=lambda model, who: or_(*(getattr(model, name) == who.id for name in names)),
    )


def among(name: str, words: str) -> Right:
    """Those who, or a unit of whose, stand in this list of the item."""
    return Right(
        words,
        lambda who, item, _: not who.sides.isdisjoint(getattr(item, name)),
        condition=lambda model, who: getattr(model, name).overlap(sorted(who.sides)),
    )


def of_unit(name: str, words: str) -> Right:
    """Those of the unit whose code stands in this attribute of the item."""
    return Right(words, lambda who, item, _: getattr(item, name) in who.units)


def named(name: str, words: str, *roles: Role) -> Right:
    """What the service decides by its test of this name."""
    return Right(words, lambda who, item, tests: tests[name](who, item), roles)


def when(words: str, case: Callable[[Any], bool]) -> Right:
    """Everybody, where the item is such a case."""
    return Right(words, lambda who, item, _: case(item))


def in_states(words: str, *states: str) -> Right:
    """Everybody, while the item is in one of these states."""
    return Right(
        words,
        lambda who, item, _: item.state in states,
        condition=lambda model, who: model.state.in_(states),
    )


def is_resident(who: Any) -> bool:
    """Whether somebody acts for herself or a relative and not for an organisation."""
    return bool(who.kind == "resident" or (who.roles and who.roles <= {Role.RESIDENT, Role.PROXY}))


def residents() -> Right:
    return Right("居民", lambda who, item, _: is_resident(who))


def services(*names: str) -> Right:
    """Programs of the platform: these, or all where none is named. Goes without saying to people."""
    ids = {f"service:{name}" for name in names}

    def is_one(who: Any) -> bool:
        return bool(who.kind == "service" and (not ids or who.id in ids))

    return Right("", lambda who, item, _: is_one(who), condition=lambda model, who: true() if is_one(who) else false())


def everybody(words: str = "登录的人") -> Right:
    """Whoever has logged in; `words` may say how what they find is bounded."""
    return Right(words, lambda who, item, _: True, condition=lambda model, who: true())


def anybody() -> Right:
    """Whoever comes, without a login."""
    return everybody("任何人，无需登录")


def _except(words: str, never: str) -> str:
    if not never:
        return words
    return f"{words}；{never}均除外" if "，" in words else f"{words}（{never}除外）"
