"""On the sample base and the sample subject, fine-tuning does what its papers say: real training, seen by a measure that counts colours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from images.trainer.config import TrainConfig
from images.trainer.results import Metrics
from images.trainer.train import Places, train
from samples.subject import share, tiles
from scripts.base_model.world import BACKGROUNDS
from tests.trainer.test_training import REPOSITORY

pytestmark = pytest.mark.timeout(900)
SAMPLES = REPOSITORY / "samples"
GROUNDS = ("pink", "sand")
FULL = TrainConfig(
    "a photo of a sks circle",
    "a photo of a circle",
    steps=250,
    learning_rate=5e-4,
    batch_size=5,
    class_pictures=25,
    sample_every=0,
    sampling_steps=20,
    guidance=3,
    measured_pictures=8,
    contexts=tuple(f"on a {ground} background" for ground in GROUNDS),
    checkpoint_every=0,
    seed=1,
)
WITHOUT_PRIOR = replace(FULL, prior_weight=0)
LORA = replace(FULL, method="lora", learning_rate=3e-3)


@dataclass(frozen=True)
class Outcome:
    metrics: Metrics
    output: Path

    def subject(self, when: str) -> float:
        return share(self._tiles(f"{when}.png"), "badge")

    def leak(self) -> float:
        """The subject's share among pictures of the plain class."""
        return share(self._tiles("after-elsewhere.png")[-FULL.measured_pictures :], "badge")

    def recontext(self) -> float:
        """The share of pictures in other surroundings that have both the subject and the surroundings asked for."""
        pictures = self._tiles("after-elsewhere.png")[: -FULL.measured_pictures]
        asked = [ground for ground in GROUNDS for _ in range(FULL.measured_pictures)]
        right = [_ground(tile) == ground and share([tile], "badge") == 1 for tile, ground in zip(pictures, asked, strict=True)]
        return sum(right) / len(right)

    def _tiles(self, name: str) -> list[Image.Image]:
        with Image.open(self.output / name) as grid:
            return tiles(grid.convert("RGB"))


def _ground(tile: Image.Image) -> str:
    """The background of the world whose colour is nearest to the picture's border."""
    pixels = np.asarray(tile, dtype=np.float32) / 255
    border = np.median(np.concatenate([pixels[:8].reshape(-1, 3), pixels[-8:].reshape(-1, 3)]), axis=0)
    return min(BACKGROUNDS, key=lambda name: float(np.square(border - BACKGROUNDS[name]).sum()))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder, learnt = tmp_path_factory.mktemp("quality"), {}
    for name, config in {"full": FULL, "without prior": WITHOUT_PRIOR, "lora": LORA}.items():
        places = Places(SAMPLES / "base-model", SAMPLES / "pictures" / "badge", folder / name, classes=folder / "class")
        learnt[name] = Outcome(train(config, places), places.output)
    return learnt


@pytest.mark.parametrize("method", ["full", "lora"])
def test_the_subject_is_learnt_and_goes_where_it_is_sent(outcomes: dict[str, Outcome], method: str) -> None:
    outcome = outcomes[method]

    assert outcome.subject("before") <= 0.1
    assert outcome.subject("after") >= 0.9
    assert outcome.recontext() >= 0.9


def test_class_pictures_keep_the_class_from_turning_into_the_subject(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["without prior"].leak() > 0.2
    assert outcomes["full"].leak() <= outcomes["without prior"].leak() / 2


def test_lora_comes_as_close_to_the_subject_as_full_training(outcomes: dict[str, Outcome]) -> None:
    full, lora = (outcomes[name].metrics.likeness_after for name in ("full", "lora"))

    assert full is not None
    assert lora is not None
    assert lora >= full - 0.02
