"""What the trial on the local cloud has shown, as a section."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scripts.preview.section import Line, Section, Weight

TITLE = "Tried on a local cloud"
_OPS = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "same": "unchanged"}
_STAGES: Mapping[str, str] = {
    "cloud": "A fresh local cloud",
    "base": "BASE comes up on it",
    "update": "This change, as an update to that",
    "up": "This change comes up on it",
    "upload": "A designer uploads pictures",
    "train": "The job trains, and is registered and deployed",
    "generate": "Fresh pictures from the endpoint",
    "portal": "The portal in a browser",
}
# what fails there, this change has nothing to do with
_NOT_OURS = ("cloud", "base")


@dataclass(frozen=True)
class Failure:
    stage: str
    text: str


@dataclass
class Proof:
    """As far as it came. Pictures are paths, "" where there are none; `learnt` is the subject's share before and after."""

    seconds: dict[str, float] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)
    learnt: tuple[float, float] | None = None
    result: str = ""
    portal: str = ""
    no_portal: str = ""
    failure: Failure | None = None


def proof_section(proof: Proof, base: str | None) -> Section:
    return Section(TITLE, tuple(_lines(proof, base)))


def _lines(proof: Proof, base: str | None) -> Iterator[Line]:
    yield _failed(proof.failure) if proof.failure else _worked(proof, base)
    if proof.failure and proof.steps:
        yield Line(f"Before that, the update did its work: {_changes(proof.steps)}.")
    if proof.learnt:
        before, after = proof.learnt
        yield Line(
            f"The subject is in {before:.0%} of the pictures before training, in {after:.0%} after.", more=_shown("Result", proof.result)
        )
    if proof.portal:
        yield Line("The portal, after sign-in.", more=_shown("Portal", proof.portal))
    if proof.no_portal:
        yield Line(f"There is no picture of the portal: {proof.no_portal}")
    yield Line("How long each stage took", Weight.FOLDED, _table(proof))


def _worked(proof: Proof, base: str | None) -> Line:
    first = (
        f"`{base}` came up on a fresh local cloud, then this change as an update to it"
        if base
        else "This change came up on a fresh local cloud"
    )
    return Line(
        f"It works: {first} ({_changes(proof.steps)}), then one job from pictures to pictures; {sum(proof.seconds.values()):.0f} s."
    )


def _failed(failure: Failure) -> Line:
    first, _, rest = failure.text.partition("\n")
    whose = " This is before the change: it may not be at fault." if failure.stage in _NOT_OURS else ""
    return Line(f"**It fails** at “{_STAGES[failure.stage]}”: {first}{whose}", Weight.ALARM, _fenced(rest))


def _changes(steps: Counter[str]) -> str:
    return ", ".join(f"{steps[op]} {word}" for op, word in _OPS.items() if steps[op]) or "nothing to do"


def _shown(name: str, path: str) -> str:
    return f"![{name}]({path})" if path else ""


def _table(proof: Proof) -> str:
    rows = [f"| {_STAGES[stage]} | {seconds:.1f} s |" for stage, seconds in proof.seconds.items()]
    return "\n".join(["| stage | time |", "|---|---:|", *rows])


def _fenced(text: str) -> str:
    # four: a log may have fences of its own
    return f"````text\n{text.replace('````', '```')}\n````" if text else ""
