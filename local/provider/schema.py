"""The words that the catalog is written in: properties, blocks of properties, and what holds between them."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


class Rule(enum.Flag):
    REQUIRED = enum.auto()
    FIXED = enum.auto()  # a change replaces the resource
    FILLED = enum.auto()  # where it is left out, the service decides; leaving it out later changes nothing
    SECRET = enum.auto()


FREE = Rule(0)
REQUIRED, FIXED, FILLED, SECRET = Rule.REQUIRED, Rule.FIXED, Rule.FILLED, Rule.SECRET


class Kind(enum.StrEnum):
    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MAP = "map"
    LIST = "list"
    SET = "set"
    OBJECT = "object"
    ASSET = "asset"
    ANY = "any"


@dataclass(frozen=True)
class Group:
    """What holds between properties of one block."""

    kind: str
    names: tuple[str, ...]


def exactly_one(*names: str) -> Group:
    return Group("exactly one", names)


def at_least_one(*names: str) -> Group:
    return Group("at least one", names)


def apart(*names: str) -> Group:
    """At most one of them."""
    return Group("apart", names)


def needs(name: str, *others: str) -> Group:
    """`name` asks for the others."""
    return Group("needs", (name, *others))


@dataclass(frozen=True)
class Property:
    kind: Kind
    rule: Rule = FREE
    fields: Mapping[str, "Property"] | None = None
    element: Kind = Kind.STRING
    # sent when the program leaves it out
    default: Any = None
    # what the service answers when nothing is sent
    fills: Any = None
    one_of: tuple[str, ...] = ()
    pattern: str = ""
    between: tuple[float, float] | None = None
    length: tuple[int, int] | None = None
    items: tuple[int, int | None] = (0, None)
    groups: tuple[Group, ...] = ()
    # the words of Google's API for a value that it would not take, or ""
    refuses: Callable[[Any], str] | None = field(default=None, repr=False)
    # values of the same form are the same to the service
    form: Callable[[Any], Any] | None = field(default=None, repr=False)

    def has(self, rule: Rule) -> bool:
        return bool(self.rule & rule)


Fields = Mapping[str, Property]


def text(rule: Rule = FREE, *one_of: str, **more: Any) -> Property:
    return Property(Kind.STRING, rule, one_of=one_of, **more)


def integer(rule: Rule = FREE, **more: Any) -> Property:
    return Property(Kind.INTEGER, rule, **more)


def number(rule: Rule = FREE, **more: Any) -> Property:
    return Property(Kind.NUMBER, rule, **more)


def flag(rule: Rule = FREE, **more: Any) -> Property:
    return Property(Kind.BOOLEAN, rule, **more)


def mapping(rule: Rule = FREE, **more: Any) -> Property:
    """Strings by name."""
    return Property(Kind.MAP, rule, **more)


def texts(rule: Rule = FREE, *one_of: str, **more: Any) -> Property:
    return Property(Kind.LIST, rule, one_of=one_of, **more)


def numbers(rule: Rule = FREE, **more: Any) -> Property:
    return Property(Kind.LIST, rule, element=Kind.NUMBER, **more)


def text_set(rule: Rule = FREE, **more: Any) -> Property:
    """The order says nothing."""
    return Property(Kind.SET, rule, **more)


def block(fields: Fields, rule: Rule = FREE, *groups: Group, **more: Any) -> Property:
    return Property(Kind.OBJECT, rule, fields, groups=groups, **more)


def blocks(fields: Fields, rule: Rule = FREE, *groups: Group, **more: Any) -> Property:
    return Property(Kind.LIST, rule, fields, groups=groups, **more)


def block_set(fields: Fields, rule: Rule = FREE, *groups: Group, **more: Any) -> Property:
    return Property(Kind.SET, rule, fields, groups=groups, **more)


def asset(rule: Rule = FREE, **more: Any) -> Property:
    """A file or an archive of files."""
    return Property(Kind.ASSET, rule, **more)


def anything(rule: Rule = FREE) -> Property:
    """A list of values of any kind."""
    return Property(Kind.LIST, rule, element=Kind.ANY)


def deletion_policy(fills: str = "DELETE") -> Property:
    """What destroying means: delete it, refuse to, or only forget it."""
    return text(FILLED, "DELETE", "PREVENT", "ABANDON", fills=fills)
