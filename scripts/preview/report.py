"""What there is to say of a preview, before anybody decides how it looks: each stack's sections, and what several stacks say, once."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from scripts.preview.broken import Broken
from scripts.preview.evaluate import Evaluated
from scripts.preview.look import Preview, StackPreview
from scripts.preview.section import Line, Section
from scripts.preview.sections import ALL
from scripts.preview.sections.sources import with_sources

_FIRST_SPAN = re.compile(r"^(\**)(`[^`]+`)")
_OWN = ("project", "projectNumber")


@dataclass(frozen=True)
class Report:
    """`sections` are of each stack, in the order of its name; `whole` those of all stacks together, such as the proof."""

    preview: Preview
    sections: Mapping[str, tuple[Section, ...]]
    whole: tuple[Section, ...] = ()

    @property
    def titles(self) -> list[str]:
        return list(dict.fromkeys(section.title for found in (*self.sections.values(), self.whole) for section in found))

    @property
    def broken(self) -> list[str]:
        """Stacks that HEAD cannot be brought up for."""
        return [stack.name for stack in self.preview.stacks if _is_broken(stack)]

    def lines(self, title: str) -> list["Said"]:
        """Of one section, over all stacks: what each says first stands before what any says second."""
        whole = [Said(tuple(self.sections), line, "") for section in self.whole if section.title == title for line in section.lines]
        said = [
            (number, Said((stack.name,), line, general(stack, f"{line.text}\0{line.more}")))
            for stack in self.preview.stacks
            for section in self.sections[stack.name]
            if section.title == title
            for number, line in enumerate(section.lines)
        ]
        return _likewise(said_once(entry for _, entry in sorted(said, key=lambda numbered: numbered[0]))) + whole


@dataclass(frozen=True)
class Said:
    """A line, the stacks of which it is true, and what else it is true of. `general` is the line with what a stack calls its own named
    as such."""

    stacks: tuple[str, ...]
    line: Line
    general: str
    likewise: tuple[str, ...] = ()


def report(preview: Preview, whole: Iterable[Section] = (), sections: Iterable[Callable[[StackPreview], Section]] = ALL) -> Report:
    """While the working tree is there: what images are made of is read from it."""
    asked, preview = tuple(sections), with_sources(preview)
    found = {stack.name: tuple(section(stack) for section in asked) for stack in preview.stacks}
    return Report(preview, found, tuple(whole))


def general(stack: StackPreview, text: str) -> str:
    """With the names of the stack, its project and its number replaced by `{stack}` and so on: put in again, they give `text` back."""
    for placeholder, own in _own(stack).items():
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(own)}(?![A-Za-z0-9])", placeholder, text)
    return text


def _own(stack: StackPreview) -> dict[str, str]:
    """A project that has the stack in its name goes by that."""
    sides = (stack.evaluation.head, stack.evaluation.base)
    config = next((side.config for side in sides if isinstance(side, Evaluated)), {})
    known = {f"{{{name}}}": value for key, value in config.items() if (name := key.rpartition(":")[2]) in _OWN}
    return {"{stack}": stack.name, **{name: value for name, value in known.items() if value and stack.name not in value}}


def said_once(said: Iterable[Said]) -> list[Said]:
    """Lines that differ in nothing but what each stack calls its own are one."""
    found: dict[tuple[object, str], list[Said]] = {}
    for entry in said:
        found.setdefault((entry.line.weight, entry.general), []).append(entry)
    return [_one(entries) for entries in found.values()]


def _one(entries: list[Said]) -> Said:
    first = entries[0]
    stacks = tuple(dict.fromkeys(stack for entry in entries for stack in entry.stacks))
    if all(entry.line == first.line for entry in entries):
        return replace(first, stacks=stacks)
    text, _, more = first.general.partition("\0")
    return replace(first, stacks=stacks, line=replace(first.line, text=text, more=more))


def _likewise(said: Iterable[Said]) -> list[Said]:
    """Lines that differ in nothing but the name that they begin with: one of them, and the other names."""
    found: dict[object, Said] = {}
    for entry in said:
        name = _FIRST_SPAN.match(entry.line.text)
        key = (entry.stacks, entry.line.weight, entry.line.more, _FIRST_SPAN.sub(r"\1", entry.line.text)) if name else object()
        if name and key in found:
            found[key] = replace(found[key], likewise=(*found[key].likewise, name[2]))
        else:
            found[key] = entry
    return list(found.values())


def _is_broken(stack: StackPreview) -> bool:
    return isinstance(stack.evaluation.head, Broken) or isinstance(stack.evaluation.plan, Broken)
