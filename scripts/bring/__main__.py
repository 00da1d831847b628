"""Brings a Stable Diffusion 1.x or 2.x from the hub into a bucket or a folder: safetensors only, every checksum verified and pinned.

    make base-model MODEL=stable-diffusion-v1-5/stable-diffusion-v1-5 TO=gs://bucket/prefix [REVISION=...] [VARIANT=fp16] [STAGING=folder]

May be interrupted and said again: it goes on. The manifest goes last, so that what has one is whole.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from images.trainer.base_files import MANIFEST
from scripts.bring.contents import Checksums
from scripts.bring.errors import CannotBring, Occupied
from scripts.bring.hub import Hub, HubModel
from scripts.bring.pin import Origin, manifest, origin_of
from scripts.bring.places import SCHEME, Held, Place, place_of
from scripts.bring.progress import Progress, sized
from scripts.bring.selection import INDEX, choose
from scripts.bring.staging import Staging

_INTERRUPTED = 130


def main() -> int:
    given = _arguments()
    try:
        bring(given.model, given.revision or None, given.variant or None, given.to.rstrip("/"), given.staging)
    except CannotBring as error:
        sys.stderr.write(f"error: {given.model}: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: the same command goes on where it broke off\n")
        return _INTERRUPTED
    return 0


def bring(name: str, revision: str | None, variant: str | None, to: str, staging: Path) -> None:
    """Nothing is done where the very model is already. Raises CannotBring's kinds."""
    place, hub = place_of(to), Hub()
    model = hub.model(name, revision)
    found, chosen = choose(frozenset(model.files), variant)
    _say(f"{model.id} at {model.commit}{f', variant {found}' if found else ''}")
    origin = Origin(model.id, model.commit, found, model.licence)
    held = place.held()
    if MANIFEST in held:
        _refuse_another(place, held, origin, to)
        _say(f"{to} holds it already, whole: nothing is done")
    else:
        label = f"{model.id.replace('/', '--')}@{model.commit[:12]}{found and f'-{found}'}"
        _fill(Staging(staging / label, hub, model, _say), chosen, origin, place, held, to)
    _tell(place, model, to)


def _fill(staged: Staging, chosen: Mapping[str, str], origin: Origin, place: Place, held: Mapping[str, Held], to: str) -> None:
    sizes = {name: staged.model.files[remote].size for name, remote in chosen.items()}
    _refuse_strangers((name for name, one in held.items() if sizes.get(name) != one.size), to)
    staged.refuse_others()
    files = staged.bring(chosen)
    _upload(staged.folder, files, held, place, to)
    _put_manifest(staged.folder, manifest(origin, files), place)
    staged.discard()
    _say(f"{to} holds it now: {len(files)} files, {sized(sum(one.size for one in files.values()))}, pinned by {MANIFEST}")


def _refuse_another(place: Place, held: Mapping[str, Held], origin: Origin, to: str) -> None:
    try:
        told = json.loads(place.read(MANIFEST))
        pinned = {name: Held(one["size"], one["crc32c"]) for name, one in told["files"].items()}
        before = origin_of(told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Occupied(f"{to}/{MANIFEST} is no manifest that this command wrote: name another place") from error
    if before != origin_of(vars(origin)):
        raise Occupied(f"{to} holds {before[0]} at {before[1]} already, and runs may be reading it: name another place with TO")
    if wrong := [name for name, one in pinned.items() if held.get(name) != one]:
        raise Occupied(f"in {to} these are not what {MANIFEST} pins: {', '.join(wrong[:5])}. Remove the folder, or name another place")


def _upload(folder: Path, files: Mapping[str, Checksums], held: Mapping[str, Held], place: Place, to: str) -> None:
    """The index goes last of the files: without it nothing takes the rest for a model."""
    wanted = {name: Held(one.size, one.crc32c) for name, one in files.items()}
    _refuse_strangers((name for name, one in held.items() if wanted.get(name) != one), to)
    missing = sorted((name for name in files if name not in held), key=lambda name: (name == INDEX, name))
    progress = Progress("sent", sum(files[name].size for name in missing), _say)
    for name in missing:
        place.put(folder / name, name, progress.add)


def _refuse_strangers(others: Iterable[str], to: str) -> None:
    if names := sorted(others):
        raise Occupied(f"{to} holds other files: {', '.join(names[:5])}. Name an empty place with TO")


def _put_manifest(folder: Path, text: str, place: Place) -> None:
    (folder / MANIFEST).write_text(text)
    place.put(folder / MANIFEST, MANIFEST, lambda count: None)


def _tell(place: Place, model: HubModel, to: str) -> None:
    told = json.loads(place.read("unet/config.json")), json.loads(place.read("vae/config.json"))
    licence = model.licence
    named = licence.name or licence.id or "none is named in its model card: ask its makers before you use it"
    _say(f"Licence: {named} ({licence.link}). Read it before designers draw with the model.")
    _say("\nInto Pulumi.STACK.yaml, below `config:`:")
    _say(f"  sd-for-designers:baseModel: {to}")
    if side := _side(*told):
        _say(f"  sd-for-designers:resolution: {side}")
    if not to.startswith(SCHEME):
        _say("(a folder must lie in this repository: `up` uploads it)")


def _side(unet: Mapping[str, object], vae: Mapping[str, object]) -> int | None:
    """Pixels that the model was made for."""
    size, blocks = unet.get("sample_size"), vae.get("block_out_channels")
    return size * 2 ** (len(blocks) - 1) if isinstance(size, int) and isinstance(blocks, list) else None


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="OWNER/NAME on the hub")
    parser.add_argument("--to", required=True, help="gs://BUCKET/PREFIX, or a folder")
    parser.add_argument("--revision", default="", help="branch, tag or commit (main)")
    parser.add_argument("--variant", default="", help="of the weights, such as fp16 (the plain ones, if they are there)")
    parser.add_argument("--staging", type=Path, default=Path(".local/bases"), help="folder that the download passes through")
    given = parser.parse_args()
    if not given.model or not given.to:
        parser.error("MODEL=OWNER/NAME and TO=gs://BUCKET/PREFIX are needed")
    return given


if __name__ == "__main__":
    sys.exit(main())
