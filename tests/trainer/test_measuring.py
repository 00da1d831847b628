"""What a run has learnt and forgotten is measured, the best step is kept and said why, and a run that learns nothing ends."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors import safe_open
from torch import nn

from images.trainer.choice import check_progress, choose, standing
from images.trainer.events import Diverged, Event, LearntNothing, Measured, Sample, Stop
from images.trainer.family import Drawing
from images.trainer.grids import Rows
from images.trainer.measuring import Measurement, contexts
from images.trainer.onlooker import UntunedModel
from images.trainer.record import Record
from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.train import Places, train
from tests.trainer.test_training import CONFIG, REPOSITORY

TOY = REPOSITORY / "samples" / "base-model"
CEILING = 0.9


def measured(step: int, likeness: float | None = 0.1, recognised: float | None = 1.0, class_likeness: float | None = 0.1) -> Measurement:
    return Measurement(step, likeness, (likeness,), likeness, recognised, class_likeness, 0.2)


BASE = measured(0)


def test_a_step_stands_by_how_far_it_came_and_by_what_it_keeps() -> None:
    stands = standing(measured(100, likeness=0.5, recognised=0.75, class_likeness=0.3), BASE, CEILING)

    assert stands is not None
    assert (stands.learnt, stands.prompts_kept, stands.class_kept) == pytest.approx((0.5, 0.75, 0.75))
    assert stands.score == pytest.approx(0.2812, abs=1e-4)


def test_what_is_better_than_the_subjects_own_pictures_or_worse_than_the_base_counts_as_these() -> None:
    past, behind = standing(measured(1, likeness=0.99), BASE, CEILING), standing(measured(1, likeness=-0.2), BASE, CEILING)

    assert past is not None
    assert behind is not None
    assert (past.learnt, behind.learnt) == (1.0, 0.0)


@pytest.mark.parametrize(("likeness", "ceiling"), [(None, None), (0.1, 0.12)])
def test_without_a_network_or_room_to_tell_progress_no_step_stands_out(likeness: float | None, ceiling: float | None) -> None:
    assert standing(measured(10, likeness), measured(0, likeness), ceiling) is None
    assert choose([], 10).step == 10


def test_a_step_that_turns_the_whole_class_into_the_subject_is_not_the_one_that_is_kept() -> None:
    steps = [measured(100, 0.6), measured(200, 0.8), measured(300, 0.85, class_likeness=0.5), measured(400, 0.86, recognised=0.5)]

    kept = choose([stands for each in steps if (stands := standing(each, BASE, CEILING))], 400)

    assert kept.step == 200
    assert "88% of the way to the subject" in kept.why
    assert "step 300: 94% of the way to the subject, 100% of the prompts kept, 50% of the class" in kept.why


def test_of_equal_steps_the_later_is_kept() -> None:
    steps = [stands for step in (100, 200) if (stands := standing(measured(step, 0.8), BASE, CEILING))]

    assert choose(steps, 200).step == 200


def test_a_run_is_given_up_from_half_of_its_steps_on_and_not_before() -> None:
    nowhere = [standing(measured(step, 0.1), BASE, CEILING) for step in (40, 50)]

    check_progress(nowhere[0], steps=100, least=0.02)
    with pytest.raises(LearntNothing, match="after 50 of 100 steps the pictures are no closer to the subject"):
        check_progress(nowhere[1], steps=100, least=0.02)


@dataclass
class Scripted:
    """A gauge that reads what it is told to."""

    readings: dict[int, Measurement]
    ceiling: float = CEILING
    read: list[int] = field(default_factory=list)

    def draw(self, family: object, poll: Callable[[], None]) -> Rows:
        return [[Image.new("RGB", (8, 8))]]

    def measure(self, step: int, samples: Rows, drawn: Rows, poll: Callable[[], None]) -> Measurement:
        self.read.append(step)
        return self.readings[step]


def record_of(folder: Path, gauge: Scripted, base: Path, told: list[Event]) -> Record:
    family = StableDiffusion.load(base, torch.device("cpu"))
    return Record(folder, folder / "samples", "run", replace(CONFIG, steps=300), gauge, family, told.append, Stop())  # type: ignore[arg-type]


def test_the_weights_of_the_best_step_are_kept_alone_and_come_back(base: Path, tmp_path: Path) -> None:
    told: list[Event] = []
    gauge = Scripted({0: BASE, 100: measured(100, 0.7), 200: measured(200, 0.8), 300: measured(300, 0.4)})
    record, parameter = record_of(tmp_path, gauge, base, told), nn.Parameter(torch.zeros(3))

    for step in (0, 100, 200, 300):
        parameter.data.fill_(step)
        record.enter(step, {"one": parameter})
    record.restore(record.choice(300).step, {"one": parameter})

    assert parameter.tolist() == [200.0] * 3
    assert [path.name for path in tmp_path.glob("best-*")] == ["best-000200.safetensors"]
    assert [event.names[0] for event in told if isinstance(event, Measured)] == [
        "elsewhere-000000.png",
        "best-000100.safetensors",
        "best-000200.safetensors",
        "elsewhere-000300.png",
    ]


def test_what_was_measured_before_a_restart_is_not_measured_again(base: Path, tmp_path: Path) -> None:
    gauge, told = Scripted({0: BASE, 100: measured(100, 0.7), 200: measured(200, 0.4)}), list[Event]()
    first = record_of(tmp_path, gauge, base, told)
    for step in (0, 100):
        first.enter(step, {"one": nn.Parameter(torch.ones(1))})

    again = record_of(tmp_path, gauge, base, told)
    for step in (0, 100, 200):
        again.enter(step, {"one": nn.Parameter(torch.zeros(1))})

    assert gauge.read == [0, 100, 200]
    assert again.choice(200).step == 100
    assert [event.step for event in told if isinstance(event, Sample)][-3:] == [0, 100, 200]


def test_the_base_itself_tells_pictures_apart_by_their_words() -> None:
    family = StableDiffusion.load(TOY, torch.device("cpu"))
    texts = ["a photo of a circle on a pink background", "a photo of a circle on a sand background"]
    rows = [family.draw([Drawing(text, seed, steps=8, guidance=3) for seed in range(2)], lambda: None) for text in texts]
    onlooker = UntunedModel(lambda: nullcontext(family))

    assert onlooker.recognised(rows, texts, lambda: None) == 1.0
    assert onlooker.recognised(rows[::-1], texts, lambda: None) == 0.0


def test_a_base_that_knows_little_of_the_world_names_its_own_surroundings(base: Path) -> None:
    assert contexts(CONFIG, TOY) == ("on a pink background", "on a sand background")
    assert contexts(CONFIG, base) == ("in the snow", "on a city street at night")
    assert contexts(replace(CONFIG, contexts=("at sea",)), TOY) == ("at sea",)


def test_a_run_whose_loss_is_no_number_any_more_ends_in_plain_words(base: Path, pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(Diverged, match=r"the learning rate of 0\.99 is too high"):
        train(replace(CONFIG, learning_rate=0.99, steps=400, sample_every=0), Places(base, pictures, tmp_path / "out"))

    told = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert (told["kind"], told["measurements"][0]["step"]) == ("Diverged", 0)
    assert "the learning rate of 0.99 is too high" in told["failure"]


def test_a_run_that_learns_nothing_ends_when_half_of_it_is_done(tmp_path: Path) -> None:
    idle = replace(CONFIG, learning_rate=1e-9, steps=8, sample_every=2, sampling_steps=4, class_pictures=1, least_gain=0.02, seed=1)
    steps: list[int] = []

    with pytest.raises(LearntNothing, match="after 4 of 8 steps"):
        train(
            idle,
            Places(TOY, REPOSITORY / "samples" / "pictures" / "badge", tmp_path / "out"),
            lambda event: steps.append(event.step) if isinstance(event, Measured) else None,
        )

    assert steps == [0, 2, 4]
    assert not (tmp_path / "out" / "model").exists()


def test_a_runs_course_is_drawn_and_its_files_say_what_they_are(base: Path, pictures: Path, tmp_path: Path) -> None:
    train(replace(CONFIG, method="lora"), Places(base, pictures, tmp_path / "out"))

    with Image.open(tmp_path / "out" / "learning.png") as plot:
        assert plot.size == (880, 660)
    for path, architecture in {
        "model/unet/diffusion_pytorch_model.safetensors": "stable-diffusion-v1",
        "adapters/pytorch_lora_weights.safetensors": "stable-diffusion-v1/lora",
    }.items():
        with safe_open(tmp_path / "out" / path, "pt") as file:
            about = file.metadata()
        assert about["modelspec.architecture"] == architecture
        assert about["modelspec.trigger_phrase"] == CONFIG.instance_prompt
        assert about["modelspec.resolution"] == "8x8"
