"""The shapes in which Stable Diffusion 1.x and 2.x come: each is learnt from and drawn with, or refused in words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from images.trainer.config import TrainConfig
from images.trainer.family import Drawing, UnknownModel
from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.train import Places, train
from tests.trainer.bases import DDIM, EULER, PNDM, change, in_halves, like_sd15, like_sd21, write

CPU = torch.device("cpu")
CONFIG = TrainConfig(
    "a photo of a sks circle",
    steps=2,
    learning_rate=1e-3,
    prior_weight=0,
    min_snr_gamma=5,
    samples_per_prompt=1,
    sample_every=0,
    sampling_steps=3,
    checkpoint_every=0,
)
SCHEDULER = "scheduler/scheduler_config.json"
ZERO = {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
Spoil = Callable[[Path], None]


@pytest.fixture(scope="module")
def sd15(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return like_sd15(base, tmp_path_factory.mktemp("sd15") / "base")


@pytest.fixture(scope="module")
def sd21(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return like_sd21(tmp_path_factory.mktemp("sd21") / "base")


def copied(base: Path, folder: Path) -> Path:
    return Path(shutil.copytree(base, folder))


def draw(folder: Path) -> np.ndarray:
    picture = StableDiffusion.load(folder, CPU).draw([Drawing("a photo of a sks circle", 1, steps=3)], lambda: None)[0]
    return np.asarray(picture)


@pytest.mark.parametrize(
    ("like", "scheduler"),
    [
        ("sd15", PNDM),
        ("sd15", EULER),
        ("sd15", DDIM | {"prediction_type": "epsilon"}),
        ("sd21", DDIM),
        ("sd21", PNDM | {"prediction_type": "v_prediction"}),
        ("sd21", EULER | {"prediction_type": "v_prediction"}),
        ("sd21", DDIM | ZERO),
    ],
    ids=["1.5 PNDM", "1.5 Euler", "1.5 DDIM", "2.1 DDIM", "2.1 PNDM", "2.1 Euler", "2.1 zero-terminal"],
)
def test_a_base_as_the_hub_has_it_is_learnt_from_and_drawn_with(
    like: str, scheduler: dict[str, object], pictures: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    base = copied(request.getfixturevalue(like), tmp_path / "base")
    write(base, SCHEDULER, scheduler)

    metrics = train(CONFIG, Places(base, pictures, tmp_path / "out"))

    assert metrics.steps == 2
    assert np.isfinite([metrics.loss_first, metrics.loss_last]).all()
    assert draw(tmp_path / "out" / "model").std() > 1
    assert not (draw(tmp_path / "out" / "model") == draw(base)).all()


@pytest.mark.parametrize("like", ["sd15", "sd21"])
def test_adapters_learn_beside_either_generation(like: str, pictures: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    config = TrainConfig(**{**vars(CONFIG), "method": "lora", "train_text_encoder": True})

    train(config, Places(request.getfixturevalue(like), pictures, tmp_path / "out"))

    assert draw(tmp_path / "out" / "model").std() > 1


def test_weights_by_the_names_of_2022_are_the_same_model(base: Path, sd15: Path) -> None:
    then, now = StableDiffusion.load(sd15, CPU), StableDiffusion.load(base, CPU)

    for part in ("vae", "text_encoder", "unet"):
        old, new = getattr(then, part).state_dict(), getattr(now, part).state_dict()
        assert all(torch.equal(old[name], tensor) for name, tensor in new.items())


def test_what_is_beside_the_model_is_neither_read_nor_copied(sd15: Path, tmp_path: Path) -> None:
    StableDiffusion.load(sd15, CPU).save(tmp_path / "tuned", ["unet"], {})

    assert sorted(path.name for path in (tmp_path / "tuned").iterdir()) == [
        *("model_index.json", "scheduler", "text_encoder", "tokenizer", "unet", "vae"),
    ]


def test_a_base_that_is_there_in_halves_only_is_taken_and_saved_under_the_plain_names(sd21: Path, tmp_path: Path) -> None:
    halves = in_halves(copied(sd21, tmp_path / "halves"))

    family = StableDiffusion.load(halves, CPU)
    family.save(tmp_path / "tuned", ["unet"], {})

    assert family.unet.dtype == torch.float32
    assert draw(halves).std() > 1
    assert (draw(halves) == draw(tmp_path / "tuned")).all()


def test_of_both_variants_the_whole_one_is_taken(sd21: Path, tmp_path: Path) -> None:
    both = in_halves(copied(sd21, tmp_path / "both"))
    for path in sd21.rglob("*.safetensors"):
        shutil.copyfile(path, both / path.relative_to(sd21))

    assert (draw(both) == draw(sd21)).all()


def without(*names: str) -> Spoil:
    def spoil(base: Path) -> None:
        for name in names:
            (base / name).unlink()

    return spoil


def in_two_files(base: Path) -> None:
    """As save_pretrained leaves what is larger than its max_shard_size."""
    whole = base / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = list(load_file(whole).items())
    for number, half in enumerate((tensors[::2], tensors[1::2]), 1):
        save_file(dict(half), base / "unet" / f"diffusion_pytorch_model-0000{number}-of-00002.safetensors", {"format": "pt"})
    whole.unlink()


def only_pickled(base: Path) -> None:
    (base / "vae" / "diffusion_pytorch_model.safetensors").rename(base / "vae" / "diffusion_pytorch_model.bin")


def with_scheduler(**values: object) -> Spoil:
    return lambda base: change(base, SCHEDULER, **values)


def with_index(**values: object) -> Spoil:
    return lambda base: change(base, "model_index.json", **values)


def for_inpainting(base: Path) -> None:
    change(base, "unet/config.json", in_channels=9)
    path = base / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(path)
    tensors["conv_in.weight"] = tensors["conv_in.weight"].repeat(1, 3, 1, 1)[:, :9].contiguous()
    save_file(tensors, path, {"format": "pt"})


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (in_two_files, r"unet: its weights are in diffusion_pytorch_model-00001-of-00002\.safetensors, .* must be in one file"),
        (only_pickled, r"no vae/diffusion_pytorch_model\.safetensors; .* diffusion_pytorch_model\.bin would have to be unpickled"),
        (without("text_encoder/model.safetensors"), r"no text_encoder/model\.safetensors"),
        (without("tokenizer/vocab.json", "tokenizer/merges.txt"), r"no tokenizer/vocab\.json, tokenizer/merges\.txt"),
        (without("scheduler/scheduler_config.json"), r"no scheduler/scheduler_config\.json"),
        (without("unet/config.json"), r"no unet/config\.json"),
        (with_scheduler(prediction_type="sample"), "neither epsilon nor v_prediction"),
        (with_scheduler(**ZERO), r"rescale_betas_zero_snr .* set prediction_type to v_prediction"),
        (with_index(_class_name="StableDiffusionXLPipeline"), "'StableDiffusionXLPipeline' is unknown"),
        (with_index(text_encoder=["alt_diffusion", "RobertaSeriesModelWithTransformation"]), "this trainer knows CLIPTextModel"),
        (for_inpainting, "takes 9 channels, its autoencoder makes 4"),
    ],
)
def test_a_base_that_cannot_be_learnt_from_is_refused_in_words(spoil: Spoil, words: str, sd15: Path, tmp_path: Path) -> None:
    base = copied(sd15, tmp_path / "base")
    spoil(base)

    with pytest.raises(UnknownModel, match=words):
        StableDiffusion.load(base, CPU)
