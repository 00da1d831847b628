"""One page of a bucket's objects, in order of their names."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from local.storage.conditions import number
from local.storage.errors import Invalid
from local.storage.records import ObjectRecord

Position = tuple[str, int]
Rows = Callable[[Position, int], Sequence[ObjectRecord]]

_MOST = 1000
# with a delimiter most of what was read may be skipped
_STEP = 64


@dataclass(frozen=True)
class Listing:
    """What a client asks for."""

    prefix: str = ""
    delimiter: str = ""
    start: str = ""
    end: str = ""
    glob: re.Pattern[str] | None = None
    limit: int = _MOST
    versions: bool = False
    trailing: bool = False
    position: Position | None = None

    def ends_before(self, name: str) -> bool:
        return not name.startswith(self.prefix) or bool(self.end and name >= self.end)

    def folder(self, name: str) -> str | None:
        """The common prefix that stands for this name in the page."""
        at = name.find(self.delimiter, len(self.prefix)) if self.delimiter else -1
        return name[: at + len(self.delimiter)] if at >= 0 else None


@dataclass
class Page:
    items: list[ObjectRecord] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    token: str | None = None

    def __len__(self) -> int:
        return len(self.items) + len(self.prefixes)


def listing_in(query: Mapping[str, str]) -> Listing:
    limit = number(query, "maxResults")
    token = query.get("pageToken")
    return Listing(
        prefix=query.get("prefix", ""),
        delimiter=query.get("delimiter", ""),
        start=query.get("startOffset", ""),
        end=query.get("endOffset", ""),
        glob=glob(query["matchGlob"]) if query.get("matchGlob") else None,
        limit=min(limit or _MOST, _MOST),
        versions=_flag(query, "versions"),
        trailing=_flag(query, "includeTrailingDelimiter"),
        position=_position(token) if token else None,
    )


def _flag(query: Mapping[str, str], key: str) -> bool:
    # Google's Python client sends True
    return query.get(key, "").lower() == "true"


def page(rows: Rows, listing: Listing) -> Page:
    made = Page()
    position: Position | None = listing.position or (max(listing.prefix, listing.start), 0)
    while position:
        position = _read_on(rows, listing, made, position)
    return made


def _read_on(rows: Rows, listing: Listing, made: Page, position: Position) -> Position | None:
    """Fill the page from one step of rows; answers where the next step begins."""
    step = _STEP if listing.delimiter else listing.limit - len(made) + 1
    found = rows(position, step)
    for each in found:
        if listing.ends_before(each.name):
            return None
        if len(made) >= listing.limit:
            made.token = _token(each)
            return None
        if listing.glob and not listing.glob.fullmatch(each.name):
            continue
        folder = listing.folder(each.name)
        if folder is None or (listing.trailing and folder == each.name):
            made.items.append(each)
        if folder is not None:
            made.prefixes.append(folder)
            after = _after(folder)
            return (after, 0) if after else None
    return (found[-1].name, found[-1].generation + 1) if len(found) == step else None


def _after(prefix: str) -> str:
    """The least name that is greater than every name with this prefix; empty if there is none."""
    while prefix:
        point = ord(prefix[-1]) + 1
        if point <= 0x10FFFF:
            return prefix[:-1] + chr(0xE000 if point == 0xD800 else point)
        prefix = prefix[:-1]
    return ""


def _token(following: ObjectRecord) -> str:
    return base64.urlsafe_b64encode(json.dumps([following.name, following.generation]).encode()).decode()


def _position(token: str) -> Position:
    try:
        name, generation = json.loads(base64.urlsafe_b64decode(token))
        return str(name), int(generation)
    except (binascii.Error, ValueError, TypeError):
        raise Invalid(f"Invalid pageToken: {token!r}.") from None


def glob(pattern: str) -> re.Pattern[str]:
    """`*` and `?` stay within a folder, `**` does not; `[a-z]`, `[!a-z]` and `{one,other}` as in a shell."""
    parts = re.findall(r"\*\*/?|\*|\?|\[!?[^\]]+\]|[{},]|\\.|.", pattern, re.DOTALL)
    depth, regex = 0, ""
    for part in parts:
        depth += {"{": 1, "}": -1}.get(part, 0)
        regex += _glob_part(part, depth)
    try:
        return re.compile(regex, re.DOTALL)
    except re.error:
        raise Invalid(f"Invalid matchGlob: {pattern!r}.") from None


def _glob_part(part: str, depth: int) -> str:
    fixed = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}
    if part in fixed:
        return fixed[part]
    if part == "," and depth:
        return "|"
    if part.startswith("[") and len(part) > 1:
        return f"[{'^' if part[1] == '!' else ''}{_characters(part[1:-1].removeprefix('!'))}]"
    return re.escape(part[1:] if part.startswith("\\") and len(part) > 1 else part)


def _characters(inside: str) -> str:
    return "".join(
        f"{re.escape(each[0])}-{re.escape(each[2])}" if len(each) > 1 else re.escape(each)
        for each in re.findall(r".-.|.", inside, re.DOTALL)
    )
