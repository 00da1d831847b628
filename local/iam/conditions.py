"""IAM conditions: expressions of the Common Expression Language over the resource and the moment of a request."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from local.iam.errors import BadCondition
from local.iam.needs import Resource

# What Google offers in conditions on the services that are served here. Grants of grants look at `api`, which no request here has.
_NAMES = frozenset({"resource", "request", "api", "true", "false"})
_ATTRIBUTES = frozenset({"name", "type", "service", "time"})
_OF_TEXT = {"startsWith", "endsWith", "contains", "matches", "extract", "size"}
_OF_TIME = {"timestamp", "duration", "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours"}
_FUNCTIONS = frozenset({*_OF_TEXT, *_OF_TIME, "getMinutes", "getAttribute", "hasOnly"})
_SAMPLE = Resource("projects/p", "cloudresourcemanager.googleapis.com/Project", "cloudresourcemanager.googleapis.com", ())


@dataclass(frozen=True)
class Condition:
    """`timed`: it holds at one moment and not at another."""

    text: str
    timed: bool
    _evaluate: Callable[[Any], Any]

    def holds(self, resource: Resource) -> bool:
        """One that cannot be evaluated for this resource does not hold, as at Google."""
        celpy = _celpy()
        try:
            return bool(self._evaluate(_facts(resource, self.timed)))
        except celpy.CELEvalError:
            return False


@cache
def compiled(text: str) -> Condition:
    """The first one takes a third of a second, for the language has to be imported. Raises BadCondition."""
    celpy = _celpy()
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    try:
        tree = environment.compile(text)
    except celpy.CELParseError as error:
        raise BadCondition(f"the condition {text!r} is no expression: {str(error).splitlines()[0]}") from error
    _check_words(tree, text)
    # compiled ones are five times as fast, but know no functions of ours
    runs = celpy.InterpretedRunner if _words(tree, "member_dot_arg") & _OWN_FUNCTIONS.keys() else celpy.CompiledRunner
    program = runs(environment, tree, _OWN_FUNCTIONS if runs is celpy.InterpretedRunner else None)
    condition = Condition(text, "request" in _words(tree, "ident"), program.evaluate)
    _check_answer(condition)
    return condition


@cache
def _celpy() -> Any:
    """Only a stack with conditions pays for the import."""
    import celpy

    # the library's one parser is of the kind that its first user asked for; interpreters take the compiler's trees, not the reverse
    celpy.CELParser.CEL_PARSER = None
    celpy.CELParser(tree_class=celpy.CompiledRunner.tree_node_class)
    # what cannot be evaluated is answered here: it is no fault of the library's
    logging.getLogger("celpy").setLevel(logging.CRITICAL)
    return celpy


def _facts(resource: Resource, timed: bool = True) -> Mapping[str, Any]:
    kinds = _celpy().celtypes
    about = {"name": resource.name, "type": resource.type, "service": resource.service}
    facts = {"resource": _map({key: kinds.StringType(value) for key, value in about.items()}), "api": _map({})}
    # a timestamp takes as long as all the rest
    return facts | {"request": _map({"time": kinds.TimestampType(datetime.now(UTC))})} if timed else facts


def _map(values: Mapping[str, Any]) -> Any:
    kinds = _celpy().celtypes
    return kinds.MapType({kinds.StringType(key): value for key, value in values.items()})


def _check_words(tree: Any, text: str) -> None:
    """A misspelt name must not hide behind an `||` that seldom gets to it."""
    known = ((_NAMES, "ident"), (_ATTRIBUTES, "member_dot"), (_FUNCTIONS, "member_dot_arg"), (_FUNCTIONS, "ident_arg"))
    for names, rule in known:
        strange = sorted(_words(tree, rule) - names)
        if strange:
            raise BadCondition(f"the condition {text!r} uses {', '.join(strange)}; there is {', '.join(sorted(names))}")


def _words(tree: Any, rule: str) -> set[str]:
    found = tree.find_data(rule)
    return {str(word) for part in found for word in part.children if getattr(word, "type", "") == "IDENT"}


def _check_answer(condition: Condition) -> None:
    celpy = _celpy()
    try:
        answer = condition._evaluate(_facts(_SAMPLE))
    except celpy.CELEvalError as error:
        raise BadCondition(f"the condition {condition.text!r} cannot be evaluated: {error.args[0]} {error.args[-1]}") from error
    if not isinstance(answer, bool | celpy.celtypes.BoolType):
        raise BadCondition(f"the condition {condition.text!r} is {answer!r}, which is neither true nor false")


def _extract(text: Any, template: Any) -> Any:
    """`extract("/buckets/{name}/")` is what stands in the braces' place; nothing where the rest does not fit."""
    before, _, rest = str(template).partition("{")
    after = rest.partition("}")[2]
    end = re.escape(after) if after else r"\Z"
    found = re.search(f"{re.escape(before)}(.*?){end}", str(text), re.DOTALL)
    return _celpy().celtypes.StringType(found[1] if found else "")


def _get_attribute(_: Any, name: Any, default: Any) -> Any:
    return default


def _has_only(values: Any, allowed: Any) -> Any:
    return _celpy().celtypes.BoolType(all(value in allowed for value in values))


_OWN_FUNCTIONS = {"extract": _extract, "getAttribute": _get_attribute, "hasOnly": _has_only}
