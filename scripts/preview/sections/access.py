"""Who may do what now, and no longer, as sentences from the bindings of both graphs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.preview.graph import Graph, Node
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight
from scripts.preview.sections import exposure
from scripts.preview.sections.grants import EVERYBODY, Grant, Holder, Names, accounts, custom_roles, where, who
from scripts.preview.sections.roles import ADMIN, ROLES, Role, rank, service
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.words import count, listed, several

TITLE = "Access"
_Held = dict[Holder, dict[str, str]]


def section(preview: StackPreview) -> Section:
    """What is open to everybody stands first. All grants of a stack that is new, or gone, are folded."""
    both = sides(preview)
    if both is None:
        return Section(TITLE)
    public = tuple(exposure.lines(both))
    return Section(TITLE, public + (tuple(_all(both)) if both.first or both.gone else tuple(_changed(both))))


def _all(both: Sides) -> Iterator[Line]:
    sentences = [line.text for line in _changed(both)]
    if sentences:
        text = f"{count(len(sentences), 'grant')}, all of them new." if both.first else "Every grant goes with the stack."
        yield Line(text, Weight.FOLDED, listed(sentences))


def _changed(both: Sides) -> Iterator[Line]:
    before, after = (_held(Names(graph, heirs).grants()) for graph, heirs in ((both.before, both.heirs), (both.after, {})))
    gone = accounts(both.before) - set(both.heirs)
    lines = list(_narrowed_or_widened(before, after, both))
    there = [holder for holder in sorted({*before, *after}) if holder.who not in gone]
    lines += [line for holder in there for line in _holder(holder, before.get(holder, {}), after.get(holder, {}), both)]
    lost = [holder for holder in before if holder.who in gone]
    yield from sorted(_roles(both), key=_weight)
    yield from sorted(lines, key=_weight)
    yield from _gone(lost, both.before)


def _held(grants: Iterable[Grant]) -> _Held:
    """Roles by holder, each with the place in the program."""
    held: dict[Holder, dict[str, str]] = {}
    for grant in grants:
        held.setdefault(grant.holder, {})[grant.role] = grant.place
    return held


def _narrowed_or_widened(before: _Held, after: _Held, both: Sides) -> Iterator[Line]:
    """The same role in the same place under another condition is one change, and no longer among `before` and `after` then."""
    for old, new in _but_for_condition(before, after):
        for role in sorted(set(before[old]) & set(after[new])):
            if role not in after.get(old, {}) and role not in before.get(new, {}):
                sentence = _Sentence(new, both)
                scope = new.only or "**without a condition**"
                was = old.only or "without a condition"
                text = f"{sentence.who} can now {sentence.can(role, scope=scope)}; before: {was} ({_named(role, both)})."
                del before[old][role], after[new][role]
                yield Line(text)


def _but_for_condition(before: _Held, after: _Held) -> list[tuple[Holder, Holder]]:
    alike: dict[tuple[str, str], list[Holder]] = {}
    for new in sorted(after):
        alike.setdefault((new.who, new.where), []).append(new)
    return [(old, new) for old in sorted(before) for new in alike.get((old.who, old.where), ()) if old.only != new.only]


def _weight(line: Line) -> int:
    return list(Weight).index(line.weight)


@dataclass(frozen=True)
class _Sentence:
    """What of it differs: the roles that came and that went, and what was and is there."""

    holder: Holder
    both: Sides

    @property
    def who(self) -> str:
        return who(self.holder.who, self.both.after, self.both.before)

    def can(self, role: str, verbs: Sequence[str] = (), scope: str = "") -> str:
        """`read and write objects in models, within runs/`"""
        known, place = _role(role, self.both), where(self.holder.where, self.both.after, self.both.before)
        only = scope or self.holder.only
        besides = f", and {known.besides}" if known.besides else ""
        return f"{several(verbs or known.can)} {known.on.format(place)}{besides}{f', {only}' if only else ''}"


def _holder(holder: Holder, before: Mapping[str, str], after: Mapping[str, str], both: Sides) -> Iterator[Line]:
    came, went = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    sentence = _Sentence(holder, both)
    for role in list(came):
        instead = next((old for old in went if service(old) == service(role) and _known(old, both) == _known(role, both)), None)
        if instead:
            went.remove(instead)
            came.remove(role)
            yield _exchanged(sentence, instead, role, after[role])
    if holder.who not in EVERYBODY:
        yield from (_gained(sentence, role, after[role]) for role in came)
    yield from (Line(f"{sentence.who} may no longer {sentence.can(role)} ({_named(role, both)}).") for role in went)


def _gained(sentence: _Sentence, role: str, place: str) -> Line:
    broad = rank(role) >= ADMIN
    text = f"{sentence.who} can now {sentence.can(role)} ({_named(role, sentence.both)}{_at(place) if broad else ''})"
    return Line(f"**{text}.**" if broad else f"{text}.", Weight.ALARM if broad else Weight.NOTE)


def _exchanged(sentence: _Sentence, old: str, new: str, place: str) -> Line:
    before, after = _role(old, sentence.both), _role(new, sentence.both)
    more = [verb for verb in after.can if verb not in before.can]
    less = [verb for verb in before.can if verb not in after.can]
    instead = f"{_named(new, sentence.both)} instead of {_named(old, sentence.both)}"
    at = f" ({place})" if place else ""
    if before.on == after.on and more and not less:
        text = f"{sentence.who}: **wider role: {instead}**. It can now also {sentence.can(new, more)}{at}."
        return Line(text, Weight.ALARM if rank(new) >= ADMIN else Weight.NOTE)
    if before.on == after.on and less and not more:
        return Line(f"{sentence.who}: narrower role: {instead}. It may no longer {sentence.can(old, less)}.")
    wider, narrower = rank(new) > rank(old) > 0, 0 < rank(new) < rank(old)
    word = "wider" if wider else "narrower" if narrower else "another"
    text = f"{sentence.who}: **{word} role: {instead}**. It can now {sentence.can(new)}, where it could {sentence.can(old)}{at}."
    return Line(text, Weight.ALARM if wider and rank(new) >= ADMIN else Weight.NOTE)


def _role(role: str, both: Sides) -> Role:
    """A role that is not in the table says what it is called, one of the program's own what it permits."""
    custom = both.after.get(role) or both.before.get(role)
    if custom:
        return Role((f"do what the role `{custom.name}` permits",), "on {}")
    return ROLES.get(role) or Role((f"do what `{role}` permits",), "on {}")


def _known(role: str, both: Sides) -> bool:
    return role not in both.after and role not in both.before


def _named(role: str, both: Sides) -> str:
    custom = both.after.get(role) or both.before.get(role)
    return several(f"`{permission}`" for permission in _permissions(custom)) if custom else f"`{role}`"


def _at(place: str) -> str:
    return f", {place}" if place else ""


def _gone(lost: Iterable[Holder], before: Graph) -> Iterator[Line]:
    names = sorted({holder.who for holder in lost})
    for name in names:
        number = sum(holder.who == name for holder in lost)
        yield Line(f"{who(name, before)} is gone, and its {count(number, 'grant')} with it.", Weight.FOLDED)


def _roles(both: Sides) -> Iterator[Line]:
    """What a role of the program's own permits, where that is another list; who holds it may that now."""
    held = _held(Names(both.after, {}).grants())
    for node in custom_roles(both.after):
        old = both.former(node.urn)
        holders = several(sorted({who(holder.who, both.after) for holder, roles in held.items() if node.urn in roles})) or "nobody so far"
        if old and old.inputs.get("permissions") != node.inputs.get("permissions"):
            yield from _permitted(node, old, holders)


def _permitted(node: Node, old: Node, holders: str) -> Iterator[Line]:
    more, less = set(_permissions(node)) - set(_permissions(old)), set(_permissions(old)) - set(_permissions(node))
    if more:
        yield Line(f"The role `{node.name}`, held by {holders}, now permits {several(f'`{each}`' for each in sorted(more))} too.")
    if less:
        yield Line(f"The role `{node.name}`, held by {holders}, no longer permits {several(f'`{each}`' for each in sorted(less))}.")


def _permissions(node: Node) -> list[str]:
    return [str(permission) for permission in node.inputs.get("permissions") or ()]
