"""What is said of single pictures: a JSON object, from the name of a picture's file to words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from images.trainer.config import Contradiction


def read_captions(path: Path | None) -> dict[str, str]:
    """Without a file nothing is said. Raises Contradiction."""
    if path is None:
        return {}
    try:
        captions = json.loads(path.read_text())
    except ValueError as error:
        raise Contradiction(f"{path.name} is not JSON: {error}") from error
    if not isinstance(captions, dict) or not all(isinstance(words, str) for words in captions.values()):
        raise Contradiction(f"{path.name} must be an object of texts")
    return {name: words.strip() for name, words in captions.items() if words.strip()}


def prompts_of(instance_prompt: str, captions: Sequence[str]) -> tuple[str, ...]:
    """What each picture is learnt by: the prompt that all share, then what is said of it alone."""
    return tuple(f"{instance_prompt}, {words}" if words else instance_prompt for words in captions)


def without_picture(captions: Mapping[str, str], known: Sequence[str]) -> dict[str, str]:
    """The names in the captions that are no picture's, each with that reason."""
    return dict.fromkeys(sorted(captions.keys() - set(known)), "it has a caption, but there is no such picture")
