"""Pictures that are not square."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from images.trainer.batches import Batches, Examples
from images.trainer.config import TrainConfig
from images.trainer.draws import batch_of, bucket_of
from images.trainer.family import Moments
from images.trainer.intake import read_pictures
from images.trainer.shapes import LONGEST, Shapes
from images.trainer.train import Places, train
from tests.trainer.conftest import draw_pictures
from tests.trainer.test_dreambooth import Silent
from tests.trainer.test_training import CONFIG, same, stopped_at, weights

CPU = torch.device("cpu")
SIZES = (5, 2, 1)


def mixed(folder: Path) -> Path:
    """Three square pictures, two wide ones and a tall one."""
    draw_pictures(folder, 3)
    for name, size in (("wide", (48, 24)), ("wider", (60, 24)), ("tall", (24, 40))):
        Image.radial_gradient("L").resize(size).convert("RGB").rotate(len(name)).save(folder / f"{name}.png")
    return folder


def moments(count: int, height: int, width: int, value: float = 0.0) -> Moments:
    """Each picture is known by its number."""
    numbers = value + torch.arange(float(count))
    return Moments(numbers.view(-1, 1, 1, 1).expand(count, 4, height, width), torch.zeros(count, 4, height, width))


@pytest.mark.parametrize(("side", "grain"), [(512, 64), (768, 64), (64, 8), (8, 2)])
def test_shapes_are_of_whole_grains_about_as_large_as_the_square_and_not_too_long(side: int, grain: int) -> None:
    shapes = Shapes(side, grain).all()

    assert (side, side) in shapes
    for width, height in shapes:
        assert width % grain == height % grain == 0
        assert 0.7 * side**2 < width * height <= side**2
        assert 1 / LONGEST <= width / height <= LONGEST


def test_a_picture_takes_the_shape_that_is_nearest_in_proportion() -> None:
    shapes = Shapes(512, 64)

    assert [shapes.of(size) for size in ((3000, 3000), (4000, 3000), (3000, 4000), (9000, 1000))] == [
        (512, 512),
        (576, 448),
        (448, 576),
        (768, 320),
    ]
    assert Shapes(512).of((4000, 3000)) == (512, 512)


@pytest.mark.parametrize("batch", [1, 3])
def test_in_as_many_steps_as_there_are_pictures_all_are_used_equally_often(batch: int) -> None:
    used: Counter[tuple[int, int]] = Counter()
    in_turn: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for step in range(4 * sum(SIZES)):
        bucket, turn = bucket_of(7, step, SIZES)
        chosen = batch_of(7, "half 0", turn, batch, SIZES[bucket]).tolist()
        used.update((bucket, number) for number in chosen)
        in_turn[bucket] += chosen
        if (step + 1) % sum(SIZES) == 0:
            assert set(used.values()) == {batch * (step + 1) // sum(SIZES)}

    for bucket, size in enumerate(SIZES):
        rounds = [in_turn[bucket][start : start + size] for start in range(0, len(in_turn[bucket]), size)]
        assert all(sorted(one) == list(range(size)) for one in rounds)


def test_buckets_come_in_an_order_that_the_seed_decides() -> None:
    orders = [[bucket_of(seed, step, SIZES)[0] for step in range(24)] for seed in (7, 7, 8)]

    assert orders[0] == orders[1] != orders[2]
    assert [bucket_of(7, step, (5,)) for step in range(12)] == [(0, step) for step in range(12)]


def test_a_batch_holds_pictures_of_one_shape_with_their_captions_and_masks() -> None:
    instance, others = moments(2, 2, 2), (moments(3, 1, 4, 2.0),)
    masks = (torch.full((2, 1, 2, 2), 0.5), torch.arange(3.0).view(3, 1, 1, 1).expand(3, 1, 1, 4) / 4)
    config = TrainConfig("a circle", batch_size=2, prior_weight=0, mask_floor=0)
    batches = Batches(Silent(), config, Examples(instance, None, tuple("abcde"), masks, others), CPU)  # type: ignore[arg-type]

    drawn = [batch for step in range(10) for batch in batches.of(step)]

    assert {tuple(batch.latents.shape) for batch in drawn} == {(2, 4, 2, 2), (2, 4, 1, 4)}
    for batch in drawn:
        numbers = batch.latents[:, 0, 0, 0].int().tolist()
        assert [batches.prompts[prompt][-1] for prompt in batch.prompts] == ["abcde"[number] for number in numbers]
        assert batch.masks[:, 0, 0, 0].tolist() == [0.5 if number < 2 else (number - 2) / 4 for number in numbers]


def test_pictures_of_the_class_go_by_themselves_where_their_shape_is_another() -> None:
    examples = Examples(moments(2, 2, 2), moments(4, 2, 2), others=(moments(3, 1, 4),))
    config = TrainConfig("a sks circle", "a circle", batch_size=2, offset_noise=0.1)
    batches = Batches(Silent(), config, examples, CPU)  # type: ignore[arg-type]

    steps = [batches.of(step) for step in range(5)]

    shapes = Counter(tuple(tuple(batch.latents.shape) for batch in step) for step in steps)
    assert shapes == {((4, 4, 2, 2),): 2, ((2, 4, 1, 4), (2, 4, 2, 2)): 3}
    apart = next(step for step in steps if len(step) == 2)
    assert [batch.halves.tolist() for batch in apart] == [[0, 0], [1, 1]]
    assert not torch.equal(apart[0].noise.flatten(), apart[1].noise.flatten()[: apart[0].noise.numel()])


def test_pictures_are_cut_to_their_shapes_and_those_of_one_shape_lie_together(tmp_path: Path) -> None:
    read = read_pictures(mixed(tmp_path / "mixed"), 8, grain=2)

    sizes = dict(zip(read.used, (picture.size for picture in read.pictures), strict=True))
    assert sizes == {"0.png": (8, 8), "1.png": (8, 8), "2.png": (8, 8), "wide.png": (10, 6), "wider.png": (10, 6), "tall.png": (6, 10)}
    assert [picture.size for picture in read.pictures] == sorted(picture.size for picture in read.pictures)
    assert {picture.size for picture in read_pictures(tmp_path / "mixed", 8).pictures} == {(8, 8)}


@pytest.mark.parametrize("prior_weight", [0.0, 1.0])
def test_a_run_with_buckets_learns_and_goes_on_to_the_bit(base: Path, tmp_path: Path, prior_weight: float) -> None:
    pictures = mixed(tmp_path / "mixed")
    config = replace(
        CONFIG, steps=6, buckets=True, prior_weight=prior_weight, accumulate=2, batch_size=1, samples_per_prompt=1, sample_every=0
    )
    places = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints")
    train(config, replace(places, output=tmp_path / "whole", checkpoints=None))
    stopped_at(3, config, places)

    train(config, places)

    assert same(weights(tmp_path / "whole"), weights(tmp_path / "out"))
    assert (tmp_path / "whole" / "after.png").read_bytes() != (tmp_path / "whole" / "before.png").read_bytes()
