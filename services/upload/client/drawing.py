"""Pictures drawn with a model, and the model itself, taken home by the command line."""

import re
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from services.upload import wire
from services.upload.client import Client, NotDrawn
from services.upload.client.screen import Screen, note


def generate(client: Client, screen: Screen, asked: Namespace) -> None:
    if asked.wake and client.wake(asked.model).state != "awake":
        note("the model wakes, which takes some minutes")
        client.awake(asked.model)
    options = {name: getattr(asked, name) for name in ("count", "seed", "steps", "guidance", "negative_prompt")}
    with screen.track("pictures") as track:
        made = client.generate(asked.model, asked.prompt, progress=lambda now: track.at("drawing", _drawn(now), now.count), **options)
    saved = _save(client, made, asked.into)
    screen.result(made, "\n".join(map(str, saved)))
    if not saved:
        raise NotDrawn(made)


def download(client: Client, screen: Screen, asked: Namespace) -> None:
    version = asked.version or client.versions(asked.model)[-1].number
    asked.folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    if asked.only in {None, "card"}:
        paths.append(asked.folder / "card.md")
        paths[-1].write_text(client.card(asked.model, version))
    if asked.only in {None, "weights"}:
        with screen.track("B") as track:
            paths += client.download_weights(asked.model, version, asked.folder, track.at)
    if asked.only in {None, "pictures"}:
        mine = [made for made in client.generations() if made.model == asked.model]
        paths += [path for made in mine for path in _save(client, made, asked.folder / "pictures")]
    screen.paths(paths)


def model_table(models: Sequence[wire.Model]) -> str:
    rows = [f"{model.id}  {_awake(model.deployment):<24} {model.generations:>4} generations  {model.name}" for model in models]
    return "\n".join(rows) or "no models"


def _awake(deployment: wire.Deployment) -> str:
    return f"awake until {deployment.until.astimezone():%d %b %H:%M}" if deployment.until else deployment.state


def _drawn(made: wire.Generation) -> int:
    return sum(bool(picture.url) or picture.blocked for picture in made.pictures)


def _save(client: Client, made: wire.Generation, folder: Path) -> list[Path]:
    """Those that were held back are named, and those that are there already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    words = re.sub(r"[^a-z0-9]+", "-", made.prompt.lower()).strip("-")[:40].strip("-")
    saved = []
    for picture in made.pictures:
        path = folder / f"{words or 'picture'}-{made.id[-6:]}-{picture.number}.png"
        if picture.blocked:
            note(f"picture {picture.number} (seed {picture.seed}) was held back: it looks as if it showed nudity or sex")
        elif picture.url:
            if not path.exists():
                path.write_bytes(client.download(picture.url))
            saved.append(path)
    return saved
