"""Models, what is drawn with them, and what can be taken home of them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.upload import wire
from services.upload.client import fetching
from services.upload.client.calls import Calls
from services.upload.client.fetching import Told
from services.upload.client.jobs import with_key
from services.upload.client.paging import pages

_PAGE, _DRAWINGS = 50, 100
# the service gives up what nobody has drawn after half an hour
_DRAWN_S, _AWAKE_S = 2000.0, 1800.0


class NotDrawn(Exception):
    """The service could not draw what was asked; the text is its own."""

    def __init__(self, generation: wire.Generation) -> None:
        failure = generation.failure
        super().__init__(f"{failure.code}: {failure.text}" if failure else "the pictures could not be drawn")
        self.generation = generation


class NotAwake(Exception):
    """The model could not be woken, or fell asleep again."""


class Models:
    """A model's id is that of the job that trained it."""

    _calls: Calls

    def models(self) -> list[wire.Model]:
        return [model for page in pages(self._calls, wire.ModelList, "/v1/models", _PAGE) for model in page.models]

    def model(self, model_id: str) -> wire.Model:
        return self._calls.read(wire.Model, "GET", f"/v1/models/{model_id}")

    def delete_model(self, model_id: str) -> wire.Receipt:
        """Its job stays, with its pictures and history."""
        return self._calls.read(wire.Receipt, "DELETE", f"/v1/models/{model_id}")

    def versions(self, model_id: str) -> list[wire.Version]:
        return self._calls.read(wire.VersionList, "GET", f"/v1/models/{model_id}/versions").versions

    def version(self, model_id: str, number: int) -> wire.Version:
        return self._calls.read(wire.Version, "GET", f"/v1/models/{model_id}/versions/{number}")

    def deployment(self, model_id: str) -> wire.Deployment:
        return self._calls.read(wire.Deployment, "GET", f"/v1/models/{model_id}/deployment")

    def wake(self, model_id: str) -> wire.Deployment:
        return self._calls.read(wire.Deployment, "POST", f"/v1/models/{model_id}/deployment")

    def sleep(self, model_id: str) -> wire.Deployment:
        return self._calls.read(wire.Deployment, "DELETE", f"/v1/models/{model_id}/deployment")

    def awake(self, model_id: str, timeout_s: float = _AWAKE_S, every_s: float = 2.0) -> wire.Deployment:
        """Once it is, after it was woken. Raises NotAwake and TimeoutError."""
        end = time.monotonic() + timeout_s
        while (deployment := self.deployment(model_id)).state != "awake":
            if deployment.state != "waking":
                reason = deployment.failure.text if deployment.failure else "wake it again"
                raise NotAwake(f"model {model_id} is {deployment.state}: {reason}")
            _wait(every_s, end, f"model {model_id} is not awake after {timeout_s:.0f} s")
        return deployment

    def ask(self, model_id: str, prompt: str | None = None, *, key: str | None = None, **options: Any) -> wire.Generation:
        """Pictures that are still to be drawn. `options` are the other fields of wire.NewGeneration."""
        body = wire.NewGeneration(prompt=prompt, **options)
        return self._calls.read(wire.Generation, "POST", f"/v1/models/{model_id}/generations", body, headers=with_key(key))

    def generate(
        self,
        model_id: str,
        prompt: str | None = None,
        *,
        timeout_s: float = _DRAWN_S,
        progress: Callable[[wire.Generation], None] | None = None,
        **options: Any,
    ) -> wire.Generation:
        """Pictures that are drawn, but for those that the safety check holds back. Raises NotDrawn and TimeoutError."""
        return self.drawn(self.ask(model_id, prompt, **options).id, timeout_s, progress)

    def drawn(
        self, generation_id: str, timeout_s: float = _DRAWN_S, progress: Callable[[wire.Generation], None] | None = None
    ) -> wire.Generation:
        """Once it is. Raises NotDrawn and TimeoutError."""
        end, pause = time.monotonic() + timeout_s, 0.25
        while True:
            made = self.generation(generation_id)
            if progress:
                progress(made)
            if made.state == "done":
                return made
            if made.state == "failed":
                raise NotDrawn(made)
            _wait(pause, end, f"generation {generation_id} is not drawn after {timeout_s:.0f} s")
            pause = min(pause * 1.5, 2.0)

    def generations(self, *, favourite: bool = False, model_id: str = "") -> list[wire.Generation]:
        """The caller's whole gallery, newest first, or what was drawn with one model."""
        only = {**({"favourite": "true"} if favourite else {}), **({"model": model_id} if model_id else {})}
        found = pages(self._calls, wire.GenerationList, "/v1/generations", _DRAWINGS, **only)
        return [made for page in found for made in page.generations]

    def generation(self, generation_id: str) -> wire.Generation:
        return self._calls.read(wire.Generation, "GET", f"/v1/generations/{generation_id}")

    def delete_generation(self, generation_id: str) -> None:
        self._calls.send("DELETE", f"/v1/generations/{generation_id}")

    def like(self, generation_id: str, number: int, liked: bool = True) -> wire.Generation:
        path = f"/v1/generations/{generation_id}/pictures/{number}/favourite"
        return self._calls.read(wire.Generation, "PUT" if liked else "DELETE", path)

    def download(self, picture: str) -> bytes:
        """A picture by the URL that an answer gave."""
        return self._calls.send("GET", picture).content

    def card(self, model_id: str, number: int) -> str:
        return self._calls.send("GET", f"/v1/models/{model_id}/versions/{number}/card").content.decode()

    def weights(self, model_id: str, number: int) -> wire.Weights:
        return self._calls.read(wire.Weights, "GET", f"/v1/models/{model_id}/versions/{number}/weights")

    def download_weights(self, model_id: str, number: int, folder: Path, progress: Told | None = None) -> list[Path]:
        """Each with its checksum compared; what lies in the folder already is not fetched again, and what broke off goes on where it
        stopped. `progress` hears of each file: its name, bytes here, bytes in all. Raises fetching.Damaged."""
        listed = self.weights(model_id, number)
        return [fetching.fetch(self._calls, file, folder, progress or (lambda *_: None)) for file in (*listed.files, *listed.adapters)]


def _wait(pause: float, end: float, otherwise: str) -> None:
    if time.monotonic() + pause > end:
        raise TimeoutError(otherwise)
    time.sleep(pause)
