"""Which images and functions are built anew, and because of which files. Digests say nothing that the files do not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.preview.graph import SECRET, Graph, Node
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.sources import Files, Sourced, differing, marked
from scripts.preview.sections.words import several

TITLE = "Images and sources"
_REFERENCE = re.compile(r"([a-z0-9][\w.:-]*(?:/[\w.-]+)+)@sha256:([0-9a-f]{64})")
_DOCKERFILE, _PUSHES = re.compile(r"--dockerfile (\S+)"), re.compile(r"--image (\S+)")
_OBJECT = "gcp:storage/bucketObject:BucketObject"
_SHOWN = 4


@dataclass(frozen=True)
class Image:
    """`made` is the resource that builds it, if the program does; it is told by its repository, wherever that is."""

    name: str
    digest: str
    made: Node | None


def section(preview: StackPreview) -> Section:
    both = sides(preview)
    if both is None or both.first or both.gone:
        return Section(TITLE)
    return Section(TITLE, (*_images(both), *_archives(both)))


def _images(both: Sides) -> Iterator[Line]:
    before, after = images(both.before), images(both.after)
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old and new and old.digest != new.digest:
            yield _image(old, new, both)
        elif new and not old:
            yield Line(f"Image `{name}` is new{_used(new, both.after)}.")
    if gone := [f"`{name}`" for name in sorted(set(before) - set(after))]:
        yield Line(f"Not used any more: {'image' if len(gone) == 1 else 'images'} {several(gone)}.")


def images(graph: Graph) -> Mapping[str, Image]:
    """By name, and the full one where two registries have the same; every reference by digest counts, whoever made it."""
    makers = {repository: node for node in graph.values() if (repository := _builds(node))}
    found: dict[str, Image] = {}
    for node in graph.values():
        for repository, digest in _REFERENCE.findall(_text(node.inputs) + _text(node.outputs)):
            made = makers.get(repository)
            if repository not in found or (made is not None and digest in _text(made.outputs)):
                found[repository] = Image(repository, digest, made)
    short: dict[str, list[Image]] = {}
    for image in found.values():
        short.setdefault(image.name.rpartition("/")[2], []).append(image)
    return {name if len(same) == 1 else image.name: image for name, same in short.items() for image in same}


def _builds(node: Node) -> str:
    """The repository of the image that it builds."""
    if node.type == "docker:index/image:Image":
        return str(node.inputs.get("imageName", ""))
    found = _PUSHES.search(str(node.inputs.get("create", ""))) if node.type.startswith("command:") else None
    return found[1] if found else ""


def _text(value: Any) -> str:
    """Those texts in it that name something by digest: few do, and searching all of them takes seconds in a large graph."""
    if isinstance(value, str):
        return f"{value}\n" if "@sha256:" in value else ""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return "".join(map(_text, items))


def _image(old: Image, new: Image, both: Sides) -> Line:
    name, used = new.name.rpartition("/")[2], _used(new, both.after)
    dockerfiles = [_dockerfile(image.made) for image in (old, new)]
    digests = f"`{old.digest[:12]}` → `{new.digest[:12]}`"
    preview = both.preview
    if not all(dockerfiles) or not isinstance(preview, Sourced) or preview.base is None:
        return Line(f"Image `{name}` has another digest{used}: {digests}.")
    return _built(f"Image `{name}`", used, digests, preview.base.context(dockerfiles[0]), preview.head.context(dockerfiles[1]))


def _dockerfile(made: Node | None) -> str:
    if made is None:
        return ""
    build = made.inputs.get("build")
    found = _DOCKERFILE.search(str(made.inputs.get("create", "")))
    return str(build.get("dockerfile", "Dockerfile")) if isinstance(build, dict) else found[1] if found else ""


def _built(what: str, used: str, digests: str, before: Files, after: Files) -> Line:
    files = differing(before, after)
    names = [name for group in files for name in group]
    if not names:
        return Line(f"{what} is built anew{used}, though no file that git knows differs in its context: {digests}.")
    if len(names) == 1:
        return Line(f"{what} is built anew{used}: `{names[0]}` {_happened(files)} ({digests}).")
    because = several((f"`{name}`" for name in names), _SHOWN)
    return Line(f"{what} is built anew{used}: {len(names)} files of it changed, {because}.", more=f"{_diff(files)}\n\n{digests}")


def _happened(files: tuple[list[str], list[str], list[str]]) -> str:
    """To the one file that something happened to."""
    new, changed, _ = files
    return "is new" if new else "changed" if changed else "is gone"


def _used(image: Image, graph: Graph) -> str:
    """Who runs it: what the program gives the digest to, and is not the building of it."""
    users = (node for node in graph.values() if node.custom and node is not image.made)
    names = sorted({node.name for node in users if image.digest in _text(node.inputs) or _comes_from(node, image)})
    return f" (used by {several(f'`{name}`' for name in names)})" if names else ""


def _comes_from(node: Node, image: Image) -> bool:
    """What is given it as a secret shows that by nothing else."""
    return image.made is not None and image.made.urn in node.dependencies and SECRET in node.inputs.values()


def _archives(both: Sides) -> Iterator[Line]:
    for old, node in both.of_type(_OBJECT):
        before, after = _assets(old), _assets(node)
        files = differing(before, after)
        names = [name for group in files for name in group]
        if old is None or not before or not names:
            continue
        used = [other.name for other in both.after.values() if node.urn in other.dependencies and other.custom]
        where = f" (used by {several(f'`{name}`' for name in sorted(used))})" if used else ""
        because = several((f"`{name}`" for name in names), _SHOWN)
        text = f"`{names[0]}` {_happened(files)}" if len(names) == 1 else f"{len(names)} files changed, {because}"
        yield Line(f"Source `{node.name}`{where}: {text}.", more=_diff(files) if len(names) > 1 else "")


def _assets(node: Node | None) -> Files:
    source = node.inputs.get("source") if node else None
    assets = source.get("assets") if isinstance(source, dict) else None
    return {name: str(asset.get("asset", asset)) for name, asset in (assets or {}).items() if isinstance(asset, dict)}


def _diff(files: tuple[list[str], list[str], list[str]]) -> str:
    return "\n".join(["```diff", *marked(files), "```"])
