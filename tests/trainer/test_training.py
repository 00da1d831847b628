"""Whole runs on the nano model."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from images.trainer.config import Contradiction, TrainConfig
from images.trainer.events import Checkpoint, Done, Event, PassedOver, Report, Resumed, Sample, Stage, Step, Stop, Stopped
from images.trainer.family import Drawing, UnknownModel
from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.train import Places, train

REPOSITORY = Path(__file__).parents[2]
CONFIG = TrainConfig(
    "a photo of a sks circle",
    "a photo of a circle",
    steps=6,
    learning_rate=1e-2,
    batch_size=2,
    class_pictures=5,
    samples_per_prompt=2,
    sample_every=3,
    measured_pictures=1,
    least_gain=0.0,
    sampling_steps=2,
    checkpoint_every=0,
    report_every=1,
    seed=11,
)


def weights(output: Path, part: str = "unet") -> dict[str, torch.Tensor]:
    return load_file(next((output / "model" / part).glob("*.safetensors")))


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(tensor, other[name]) for name, tensor in one.items())


@pytest.fixture(scope="module")
def straight(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of an undisturbed run, on the same five pictures as everywhere."""
    from tests.trainer.conftest import draw_pictures

    folder = tmp_path_factory.mktemp("straight")
    train(CONFIG, Places(base, draw_pictures(folder / "pictures", 5), folder / "output"))
    return folder / "output"


def test_two_runs_with_one_seed_learn_the_same_weights(base: Path, pictures: Path, straight: Path, tmp_path: Path) -> None:
    train(CONFIG, Places(base, pictures, tmp_path / "same"))
    train(replace(CONFIG, seed=12), Places(base, pictures, tmp_path / "other"))

    assert same(weights(straight), weights(tmp_path / "same"))
    assert not same(weights(straight), weights(tmp_path / "other"))


def test_a_text_encoder_stays_as_it_is_after_its_last_step(base: Path, pictures: Path, tmp_path: Path) -> None:
    short = replace(CONFIG, steps=2, train_text_encoder=True, text_encoder_steps=2, text_encoder_rate=1e-3)
    train(short, Places(base, pictures, tmp_path / "short"))
    train(replace(short, steps=5), Places(base, pictures, tmp_path / "long"))

    assert same(weights(tmp_path / "short", "text_encoder"), weights(tmp_path / "long", "text_encoder"))
    assert not same(weights(tmp_path / "short"), weights(tmp_path / "long"))


def test_events_tell_the_whole_run_in_order(base: Path, pictures: Path, tmp_path: Path) -> None:
    events: list[Event] = []

    train(replace(CONFIG, checkpoint_every=4), Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints"), events.append)

    stages = [event.name for event in events if isinstance(event, Stage)]
    assert stages == ["loading", "reading", "drawing before", "drawing class", "caching", "training", "drawing after", "saving"]
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4, 5, 6]
    assert [event.step for event in events if isinstance(event, Sample)] == [0, 3, 6]
    assert [event.step for event in events if isinstance(event, Checkpoint)] == [4]
    assert isinstance(events[-1], Done)


def test_the_output_is_pictures_json_and_safetensors(straight: Path) -> None:
    suffixes = {path.suffix for path in straight.rglob("*") if path.is_file()}

    assert suffixes == {".png", ".json", ".txt", ".safetensors", ".md"}
    assert {path.name for path in straight.iterdir()} >= {"model", "samples", "before.png", "after.png", "metrics.json", "model_card.md"}


def test_the_metrics_tell_loss_and_likeness(straight: Path) -> None:
    metrics = json.loads((straight / "metrics.json").read_text())

    assert metrics["steps"] == 6
    assert metrics["loss_first"] > 0
    assert metrics["loss_last"] > 0
    assert -1 <= metrics["likeness_before"] <= 1
    assert metrics["likeness_after"] != metrics["likeness_before"]
    assert metrics["prompts"][0]["prompt"] == CONFIG.instance_prompt
    assert len(metrics["pictures_used"]) == 5


def test_the_likeness_of_a_base_without_a_network_is_unknown(base: Path, pictures: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for path in base.iterdir():
        if path.name != "likeness":
            (bare / path.name).symlink_to(path)

    metrics = train(replace(CONFIG, steps=1, prior_weight=0), Places(bare, pictures, tmp_path / "out"))

    assert metrics.likeness_after is None
    assert "not measured" in (tmp_path / "out" / "model_card.md").read_text()


@pytest.mark.filterwarnings("ignore")  # of another library's pipeline class
def test_diffusers_own_pipeline_loads_the_model_and_draws_the_same(straight: Path) -> None:
    from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import StableDiffusionPipeline

    theirs = StableDiffusionPipeline.from_pretrained(straight / "model", torch_dtype=torch.float32, local_files_only=True)
    theirs.set_progress_bar_config(disable=True)
    ours = StableDiffusion.load(straight / "model", torch.device("cpu"))

    drawn = ours.draw([Drawing("a photo of a sks circle", 5, "a photo", steps=4, guidance=3.0)], lambda: None)[0]
    expected = theirs(
        "a photo of a sks circle",
        negative_prompt="a photo",
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=torch.Generator().manual_seed(5),
    ).images[0]

    assert max(abs(a - b) for a, b in zip(drawn.tobytes(), expected.tobytes(), strict=True)) <= 1


def test_training_the_text_encoder_changes_it_and_what_is_saved_loads(base: Path, pictures: Path, straight: Path, tmp_path: Path) -> None:
    train(replace(CONFIG, train_text_encoder=True), Places(base, pictures, tmp_path / "out"))

    assert same(weights(straight, "text_encoder"), load_file(base / "text_encoder" / "model.safetensors"))
    assert not same(weights(tmp_path / "out", "text_encoder"), weights(straight, "text_encoder"))
    assert StableDiffusion.load(tmp_path / "out" / "model", torch.device("cpu")).resolution == 8


def test_half_precision_forward_passes_train_too(base: Path, pictures: Path, straight: Path, tmp_path: Path) -> None:
    train(replace(CONFIG, precision="bfloat16"), Places(base, pictures, tmp_path / "out"))

    assert not same(weights(tmp_path / "out"), weights(straight))


def stop_at(step: int, stop: Stop) -> Report:
    def report(event: Event) -> None:
        if isinstance(event, Step) and event.step == step:
            stop.asked = True

    return report


def stopped_at(step: int, config: TrainConfig, places: Places) -> None:
    """A run that leaves a checkpoint of this step, and ends."""
    stop = Stop()
    with pytest.raises(Stopped):
        train(replace(config, report_every=1), places, stop_at(step, stop), stop)


def test_a_stopped_run_goes_on_and_learns_bit_for_bit_the_same(base: Path, pictures: Path, straight: Path, tmp_path: Path) -> None:
    places = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints")
    for step in (2, 3):
        stop = Stop()
        with pytest.raises(Stopped):
            train(CONFIG, places, stop_at(step, stop), stop)
        assert (places.checkpoints / f"step-{step:06d}.json").is_file()  # type: ignore[operator]

    metrics = train(CONFIG, replace(places, output=tmp_path / "another"))

    assert same(weights(straight), weights(tmp_path / "another"))
    assert metrics.loss_first == json.loads((straight / "metrics.json").read_text())["loss_first"]


@pytest.mark.parametrize("step", [1, 3])
def test_a_run_whose_text_encoder_stops_early_goes_on_on_either_side_of_that(base: Path, pictures: Path, tmp_path: Path, step: int) -> None:
    config = replace(CONFIG, train_text_encoder=True, text_encoder_steps=2, min_snr_gamma=5.0, offset_noise=0.1)
    places = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints")
    train(config, replace(places, output=tmp_path / "whole", checkpoints=None))
    stop = Stop()
    with pytest.raises(Stopped):
        train(config, places, stop_at(step, stop), stop)

    train(config, places)

    for part in ("unet", "text_encoder"):
        assert same(weights(tmp_path / "whole", part), weights(tmp_path / "out", part))


def test_sigterm_leaves_a_checkpoint_and_code_143(base: Path, pictures: Path, tmp_path: Path) -> None:
    """The real process, the real signal; then the rest here, with the same single thread."""
    longer = replace(CONFIG, steps=LONGER, sample_every=LONGER)
    flags = [f"--{name}={value}" for name, value in (FLAGS | {"steps": LONGER, "sample-every": LONGER}).items()]
    folders = ["--base", base, "--pictures", pictures, "--output", tmp_path / "out", "--checkpoints", tmp_path / "checkpoints"]
    command = [sys.executable, "-m", "images.trainer", *map(str, folders), *flags]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}

    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("step 2/"):
                process.send_signal(signal.SIGTERM)
        complaint = process.stderr.read() if process.stderr else ""
    train(longer, Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints"))

    assert process.returncode == 143
    assert complaint.count("\n") == 1
    assert "stopped on request" in complaint
    train(longer, Places(base, pictures, tmp_path / "straight"))
    assert same(weights(tmp_path / "straight"), weights(tmp_path / "out"))


LONGER = 80
"""steps of a run that a signal is to meet on its way"""
FLAGS = {
    "instance-prompt": CONFIG.instance_prompt,
    "class-prompt": CONFIG.class_prompt,
    "steps": 6,
    "learning-rate": 1e-2,
    "batch-size": 2,
    "class-pictures": 5,
    "samples-per-prompt": 2,
    "sample-every": 3,
    "measured-pictures": 1,
    "least-gain": 0.0,
    "sampling-steps": 2,
    "checkpoint-every": 0,
    "report-every": 1,
    "seed": 11,
}


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(base: Path, pictures: Path, straight: Path, tmp_path: Path) -> None:
    checkpoints = tmp_path / "checkpoints"
    train(replace(CONFIG, checkpoint_every=2), Places(base, pictures, tmp_path / "first", checkpoints))
    newest = checkpoints / "step-000004.safetensors"
    content = bytearray(newest.read_bytes())
    content[-3] ^= 1
    newest.write_bytes(content)
    events: list[Event] = []
    train(CONFIG, Places(base, pictures, tmp_path / "again", checkpoints), events.append)

    told = [str(event) for event in events if isinstance(event, PassedOver | Resumed)]
    assert told == ["checkpoint of step 4 passed over: its file is not what was written", "resumed after step 2"]
    assert same(weights(straight), weights(tmp_path / "again"))


def test_a_checkpoint_of_another_run_is_not_resumed(base: Path, pictures: Path, straight: Path, tmp_path: Path) -> None:
    checkpoints = tmp_path / "checkpoints"
    train(replace(CONFIG, seed=12, checkpoint_every=4), Places(base, pictures, tmp_path / "other", checkpoints))

    train(CONFIG, Places(base, pictures, tmp_path / "mine", checkpoints))

    assert same(weights(straight), weights(tmp_path / "mine"))


def test_only_the_last_two_checkpoints_are_kept(base: Path, pictures: Path, tmp_path: Path) -> None:
    train(replace(CONFIG, checkpoint_every=1), Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints"))

    names = sorted(path.name for path in (tmp_path / "checkpoints").glob("*step-*"))
    assert names == ["step-000004.json", "step-000004.safetensors", "step-000005.json", "step-000005.safetensors"]


def test_a_folder_that_is_no_model_is_refused(pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match=r"model_index\.json"):
        train(CONFIG, Places(tmp_path, pictures, tmp_path / "out"))


def test_pickled_weights_are_refused(base: Path, pictures: Path, tmp_path: Path) -> None:
    pickled = tmp_path / "pickled"
    pickled.mkdir()
    for path in base.iterdir():
        if path.name != "unet":
            (pickled / path.name).symlink_to(path)
    (pickled / "unet").mkdir()
    (pickled / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04")

    with pytest.raises(UnknownModel, match=r"unet/diffusion_pytorch_model\.safetensors"):
        train(CONFIG, Places(pickled, pictures, tmp_path / "out"))


def test_a_resolution_that_the_base_cannot_have_is_refused(base: Path, pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(Contradiction, match="multiple of 2"):
        train(replace(CONFIG, resolution=9), Places(base, pictures, tmp_path / "out"))


def test_before_and_after_are_grids_of_the_same_seeds(straight: Path) -> None:
    before, after = Image.open(straight / "before.png"), Image.open(straight / "after.png")

    assert before.size == after.size == (2 * 128, 128)
    assert before.tobytes() != after.tobytes()
