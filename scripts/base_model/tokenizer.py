"""A CLIP tokenizer of our own: every byte, and one chain of merges for each word of the world."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from transformers import CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
LENGTH = 77


def _byte_characters() -> list[str]:
    """The 256 printable stand-ins for bytes of byte-level BPE, as in GPT-2 and CLIP."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(others))]


def _merges(words: Sequence[str]) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for word in words:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            found.setdefault((parts[0], parts[1]))
            parts = [parts[0] + parts[1], *parts[2:]]
    return list(found)


def make_tokenizer(words: Sequence[str], folder: Path) -> CLIPTokenizer:
    characters = _byte_characters()
    merges = _merges(words)
    vocabulary = [*characters, *(f"{character}</w>" for character in characters), *("".join(pair) for pair in merges), START, END]
    folder.mkdir(parents=True, exist_ok=True)
    numbered = {token: number for number, token in enumerate(dict.fromkeys(vocabulary))}
    (folder / "vocab.json").write_text(json.dumps(numbered, ensure_ascii=False), encoding="utf-8")
    lines = "\n".join(" ".join(pair) for pair in merges)
    (folder / "merges.txt").write_text(f"#version: 0.2\n{lines}\n", encoding="utf-8")
    return CLIPTokenizer.from_pretrained(folder, model_max_length=LENGTH, local_files_only=True)
