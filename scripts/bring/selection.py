"""Which files of a model on the hub the trainer needs, and under which names it shall find them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from images.trainer.base_files import strange
from scripts.bring.errors import NotSuitable

INDEX = "model_index.json"
WEIGHTS = {
    "text_encoder": "text_encoder/model",
    "unet": "unet/diffusion_pytorch_model",
    "vae": "vae/diffusion_pytorch_model",
}
REQUIRED = (INDEX, "scheduler/scheduler_config.json", "text_encoder/config.json", "unet/config.json", "vae/config.json")
TOKENIZER = ("merges.txt", "vocab.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")
LICENCES = ("LICENSE", "LICENCE", "COPYING")
VARIANTS = ("", "fp16")
"""in the order of preference; the empty one has no name"""
_PICKLES = {".bin", ".ckpt", ".pt", ".pth", ".pkl"}


def refuse_others(index: Mapping[str, object]) -> None:
    """Raises NotSuitable for a model_index.json of what is not Stable Diffusion 1.x or 2.x."""
    if unknown := strange(index):
        raise NotSuitable(f"it is no Stable Diffusion 1.x or 2.x for text to image: {unknown}. Choose another model")


def choose(names: frozenset[str], variant: str | None = None) -> tuple[str, dict[str, str]]:
    """The variant, and of each file its name in a base and its name on the hub: the trainer knows plain names everywhere.

    Without a `variant`, the first that is whole. Raises NotSuitable.
    """
    _refuse_without_index(names)
    found = _variant(names, variant)
    chosen = {name: name for name in REQUIRED}
    chosen |= {f"tokenizer/{name}": f"tokenizer/{name}" for name in TOKENIZER if f"tokenizer/{name}" in names}
    chosen |= {f"{stem}.safetensors": _weights(stem, found) for stem in WEIGHTS.values()}
    chosen |= {name: name for name in names if _is_licence(PurePosixPath(name))}
    if missing := [name for name in chosen.values() if name not in names]:
        raise NotSuitable(f"it lacks {', '.join(missing)}: choose another model")
    if not {"tokenizer/vocab.json", "tokenizer/merges.txt"} <= names and "tokenizer/tokenizer.json" not in names:
        raise NotSuitable("its tokenizer has neither vocab.json and merges.txt nor tokenizer.json: choose another model")
    return found, dict(sorted(chosen.items()))


def _refuse_without_index(names: frozenset[str]) -> None:
    if INDEX in names:
        return
    single = sorted(name for name in names if "/" not in name and PurePosixPath(name).suffix in {".safetensors", *_PICKLES})
    but = f", only {', '.join(single[:3])}" if single else ""
    raise NotSuitable(f"it is no diffusers model: it has no {INDEX}{but}. Look for the same model as a diffusers folder")


def _variant(names: frozenset[str], wanted: str | None) -> str:
    for variant in VARIANTS if wanted is None else (wanted,):
        if all(_weights(stem, variant) in names for stem in WEIGHTS.values()):
            return variant
    raise NotSuitable(_why(names, wanted))


def _why(names: frozenset[str], wanted: str | None) -> str:
    if wanted:
        return f"it is not there whole as variant {wanted!r}: leave VARIANT out"
    stem = next(stem for stem in WEIGHTS.values() if _weights(stem, "") not in names)
    there = sorted(name for name in names if name.startswith(f"{stem}.") or name.startswith(f"{stem}-"))
    if any(PurePosixPath(name).suffix == ".safetensors" or name.endswith(".index.json") for name in there):
        return f"{stem}.safetensors is not there whole, only {', '.join(there)}: choose a model whose weights are in one file each"
    if any(PurePosixPath(name).suffix in _PICKLES for name in names):
        return f"it has no {stem}.safetensors; pickles could run anything and are never taken. Choose a copy with safetensors"
    return f"it has no {stem}.safetensors: choose another model"


def _is_licence(name: PurePosixPath) -> bool:
    return len(name.parts) == 1 and name.name.upper().startswith(LICENCES) and name.suffix in {"", ".md", ".txt"}


def _weights(stem: str, variant: str) -> str:
    return f"{stem}.{variant}.safetensors" if variant else f"{stem}.safetensors"
