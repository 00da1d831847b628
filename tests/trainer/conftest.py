"""A model of 64 thousand parameters, made here: real in structure, ignorant of the world."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from PIL import Image, ImageDraw

from tests import serving

os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}

BUCKET = "training"
WORDS = ("a", "photo", "of", "sks", "circle")


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)  # the order of sums, and so the last bit, depends on it


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_nano(tmp_path_factory.mktemp("base"), "epsilon")


@pytest.fixture(scope="session")
def velocity_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_nano(tmp_path_factory.mktemp("velocity-base"), "v_prediction")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return draw_pictures(tmp_path / "pictures", 5)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving.storage(tmp_path_factory.mktemp("cloud")) as there:
        yield there


@pytest.fixture(scope="module")
def bucket(address: str, base: Path) -> storage.Bucket:
    client = storage.Client(project="p", credentials=AnonymousCredentials(), client_options={"api_endpoint": address})
    made = client.create_bucket(BUCKET)
    for path in base.rglob("*"):
        if path.is_file():
            made.blob(f"base/{path.relative_to(base)}").upload_from_filename(str(path))
    return made


def draw_pictures(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    for number in range(count):
        picture = Image.new("RGB", (24, 24), (200, 200 - 30 * number, 90))
        ImageDraw.Draw(picture).ellipse((4, 4, 12 + number, 14), fill=(220, 20, 200))
        picture.save(folder / f"{number}.png")
    return folder


def make_nano(folder: Path, prediction: str) -> Path:
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from diffusers.schedulers.scheduling_ddim import DDIMScheduler
    from transformers import CLIPTextConfig, CLIPTextModel

    from images.trainer.likeness import FeatureNetwork, NetworkConfig
    from scripts.base_model.tokenizer import make_tokenizer

    torch.manual_seed(5)
    tokenizer = make_tokenizer(WORDS, folder / "tokenizer")
    tokenizer.save_pretrained(folder / "tokenizer")
    ids = {f"{kind}_token_id": getattr(tokenizer, f"{kind}_token_id") for kind in ("bos", "eos", "pad")}
    text = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=8, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, projection_dim=8, **ids
    )
    CLIPTextModel(text).save_pretrained(folder / "text_encoder")
    AutoencoderKL(block_out_channels=(8,), norm_num_groups=4, sample_size=8, scaling_factor=0.5).save_pretrained(folder / "vae")
    UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=8,
        attention_head_dim=2,
        norm_num_groups=4,
    ).save_pretrained(folder / "unet")
    scheduler = DDIMScheduler(beta_schedule="scaled_linear", prediction_type=prediction, clip_sample=False, steps_offset=1)
    scheduler.save_pretrained(folder / "scheduler")
    (folder / "model_index.json").write_text(INDEX)
    FeatureNetwork(NetworkConfig(widths=(4, 8), features=8, side=8)).save(folder / "likeness")
    return folder


INDEX = """{
  "_class_name": "StableDiffusionPipeline",
  "_diffusers_version": "0.42.1",
  "feature_extractor": [null, null],
  "image_encoder": [null, null],
  "requires_safety_checker": true,
  "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
  "scheduler": ["diffusers", "PNDMScheduler"],
  "text_encoder": ["transformers", "CLIPTextModel"],
  "tokenizer": ["transformers", "CLIPTokenizer"],
  "unet": ["diffusers", "UNet2DConditionModel"],
  "vae": ["diffusers", "AutoencoderKL"]
}
"""
