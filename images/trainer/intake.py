"""Pictures from a folder: tolerant of what is not a picture, and in an order that no file system decides."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from PIL import Image

from images.trainer.captions import without_picture
from images.trainer.masks import is_mask, read_masks
from images.trainer.picture import Fitted, Unusable, read_picture
from images.trainer.shapes import Shapes

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})


class NoPictures(ValueError):
    """Not one usable picture in the folder."""


@dataclass(frozen=True)
class Intake:
    pictures: tuple[Image.Image, ...]
    """RGB, upright, those of one shape together"""
    used: tuple[str, ...]
    """file names, in the order of the pictures"""
    skipped: dict[str, str]
    """file name: reason"""
    digest: str
    """of the pictures' pixels, their order, their captions and their masks"""
    captions: tuple[str, ...] = ()
    """in the order of the pictures; "" where nothing is said"""
    masks: tuple[Image.Image | None, ...] = ()
    """in the order of the pictures: grey, as large as they are"""
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """file name of each used picture: what was done to it"""


def read_pictures(folder: Path, side: int, captions: Mapping[str, str] = NOTHING_SAID, grain: int | None = None) -> Intake:
    """Sorted by shape and content, so that renamed or reordered files train the same model. Equal files count once. A caption whose name
    is no picture's is told among what was skipped. All are cut to the square of that side, or with a grain to the nearest of several
    shapes."""
    shapes = Shapes(side, grain)
    kept: dict[str, tuple[str, Fitted]] = {}
    skipped: dict[str, str] = {}
    for name, path in _files(folder):
        if is_mask(path):
            continue
        try:
            fitted = read_picture(_real(path), shapes)
        except Unusable as error:
            skipped[name] = str(error)
            continue
        digest = hashlib.sha256(fitted.picture.tobytes()).hexdigest()
        if digest in kept:
            skipped[name] = f"the same picture as {kept[digest][0]}"
        else:
            kept[digest] = (name, fitted)
    if not kept:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items()) or "it is empty"
        raise NoPictures(f"no usable picture in {folder}: {reasons}")
    order = sorted(kept, key=lambda digest: (kept[digest][1].picture.size, digest))
    names, fitted_ones = zip(*(kept[digest] for digest in order), strict=True)
    pictures = tuple(fitted.picture for fitted in fitted_ones)
    said = tuple(captions.get(name, "") for name in names)
    skipped |= without_picture(captions, (*names, *skipped))
    masks, unused = read_masks(folder, names, [picture.size for picture in pictures])
    notes = {name: fitted.notes for name, fitted in zip(names, fitted_ones, strict=True)}
    return Intake(pictures, names, skipped | unused, _digest(order, said, masks), said, masks, notes)


def _files(folder: Path) -> list[tuple[str, Path]]:
    """All that is no folder, links to folders, and folders that cannot be entered; sorted by names that any file can hold."""
    found: list[Path] = []
    for root, folders, files in os.walk(folder, onerror=lambda error: found.append(Path(error.filename))):
        found.extend(Path(root, name) for name in files)
        found.extend(path for name in folders if (path := Path(root, name)).is_symlink())
    return sorted((os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace"), path) for path in found)


def _real(path: Path) -> Path:
    """Raises Unusable for what is no file of bytes: a pipe would be waited for without end."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise Unusable("a link that leads nowhere") from None
    except OSError as error:
        raise Unusable(f"it cannot be read: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        raise Unusable("a link to a folder, which is not followed" if path.is_symlink() else "a folder that cannot be read")
    if not stat.S_ISREG(mode):
        raise Unusable("not a file")
    return path


def _digest(order: Sequence[str], said: Sequence[str], masks: Sequence[Image.Image | None]) -> str:
    text = "".join(order) + (json.dumps(said) if any(said) else "")
    covered = [hashlib.sha256(mask.tobytes()).hexdigest() if mask else "" for mask in masks]
    return hashlib.sha256((text + (json.dumps(covered) if any(masks) else "")).encode()).hexdigest()
