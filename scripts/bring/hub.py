"""The hub, by the library that its makers publish. Downloads are plain HTTP, so that they go on within a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

from scripts.bring.errors import CannotBring, Corrupt, HubFailed, NoAccess, NoRoom

_TIMEOUT_S = 30.0
_SIGN_IN = "set HF_TOKEN, or sign in with `.venv/bin/hf auth login`"

_UNSEEN = f"the hub shows no such model to this user: mend the name, or, if it is private, {_SIGN_IN}"


@dataclass(frozen=True)
class HubFile:
    size: int
    """bytes"""
    blob_id: str
    """git's id of what is in the repository: of a large file a pointer, whose sha256 is known instead"""
    sha256: str | None


@dataclass(frozen=True)
class Licence:
    """What the model card says; None where it says nothing."""

    id: str | None
    name: str | None
    link: str


@dataclass(frozen=True)
class HubModel:
    id: str
    commit: str
    licence: Licence
    files: dict[str, HubFile]


class Hub:
    """`HF_ENDPOINT` says where it is, `HF_TOKEN` or a sign-in before who asks. All methods raise CannotBring's kinds."""

    def model(self, name: str, revision: str | None) -> HubModel:
        """As it is at the commit that `revision` (a branch, tag or commit; None is main) names now."""
        with _in_words(name, revision):
            found = HfApi().model_info(name, revision=revision, files_metadata=True, timeout=_TIMEOUT_S)
        if not found.sha:
            raise HubFailed(f"the hub tells no commit of {name}")
        files = {each.rfilename: _file(each) for each in found.siblings or ()}
        return HubModel(found.id, found.sha, _licence(found), files)

    def download(self, model: HubModel, name: str, path: Path, told: Callable[[int], None]) -> None:
        """Appends to `path` what it lacks of the file. `told` hears of the bytes that arrive."""
        url = hf_hub_url(model.id, name, revision=model.commit)
        with _in_words(model.id, model.commit, name), path.open("ab") as file:
            http_get(
                url,
                file,
                resume_size=file.tell(),
                headers=build_hf_headers(),
                expected_size=model.files[name].size,
                displayed_filename=name,
                tqdm_class=lambda **shown: _Teller(told),  # type: ignore[arg-type]
            )


class _Teller:
    """What the library takes for its progress bar."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self.update = told

    def __enter__(self) -> _Teller:
        return self

    def __exit__(self, *problem: object) -> None:
        pass


def _file(found: Any) -> HubFile:
    return HubFile(found.lfs.size if found.lfs else found.size or 0, found.blob_id or "", found.lfs.sha256 if found.lfs else None)


def _licence(found: Any) -> Licence:
    card = found.card_data.to_dict() if found.card_data else {}
    pages = f"{constants.ENDPOINT}/{found.id}/blob/{found.sha}"
    link = str(card.get("license_link") or "README.md")
    named = card.get("license")
    return Licence(
        id=", ".join(named) if isinstance(named, list) else named,
        name=card.get("license_name"),
        link=link if link.startswith(("http://", "https://")) else f"{pages}/{link}",
    )


@contextmanager
def _in_words(name: str, revision: str | None, file: str = "") -> Iterator[None]:
    """What the library raises, as one of ours that says what to do."""
    try:
        yield
    except (HFValidationError, EntryNotFoundError, HfHubHTTPError, httpx2.HTTPError, OSError) as error:
        kind, text = _reason(error)
        raise kind(text.format(name=name, revision=revision, file=file or name, error=error, hub=constants.ENDPOINT)) from error


def _reason(error: Exception) -> tuple[type[CannotBring], str]:
    if isinstance(error, OSError) and error.errno:
        return NoRoom, "{file} could not be kept ({error}): make room, or name another folder with STAGING"
    if type(error) is HfHubHTTPError and error.response.status_code in (401, 403):
        return NoAccess, f"{_UNSEEN} (it answers {error.response.status_code})"
    return next((kind, text) for known, kind, text in _REASONS if isinstance(error, known))


_REASONS: tuple[tuple[type[Exception], type[CannotBring], str], ...] = (
    (HFValidationError, NoAccess, "{name!r} is no model's name: give OWNER/NAME, as in the address of its page"),
    (GatedRepoError, NoAccess, f"it is gated: agree to its terms at {{hub}}/{{name}}, then {_SIGN_IN}"),
    (RepositoryNotFoundError, NoAccess, _UNSEEN),
    (RevisionNotFoundError, NoAccess, "it has no revision {revision}: leave REVISION out for the newest, or name one that its page lists"),
    (EntryNotFoundError, HubFailed, "{file} is gone from {revision}: run the same command without REVISION"),
    (OfflineModeIsEnabled, HubFailed, "HF_HUB_OFFLINE is set: unset it to bring a model"),
    (HfHubHTTPError, HubFailed, "the hub fails at {file} ({error}): the same command goes on later where it broke off"),
    (httpx2.HTTPError, HubFailed, "{hub} could not be reached ({error}): with a network, the same command goes on where it broke off"),
    (OSError, Corrupt, "{file} came with another size than the hub tells: run the same command again"),
)
"""The first that fits."""
