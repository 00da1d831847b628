"""What both sides are given: models that know nothing, of Stable Diffusion 1.5's structure, and pictures. Made once, from a seed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from numpy.typing import NDArray
from PIL import Image
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from images.trainer.config import TrainConfig
from images.trainer.prior import class_pictures
from images.trainer.stable_diffusion import StableDiffusion
from scripts.base_model.tokenizer import make_tokenizer

SIDE = 128
PICTURES = 8
SMALL, LARGE = (32, 64, 128, 128), (64, 128, 256, 256)
"""widths of the UNet's levels: 8 and 34 million parameters"""
TEXT_WIDTH = 64
SQUARE = 3464
"""pixels of a side: 12 million in all"""
GRAIN = 7.0
"""standard deviation, of 255"""
WORDS = ("a", "photo", "of", "sks", "dog")


def model(root: Path, widths: tuple[int, ...]) -> Path:
    return _once(root / f"model-{widths[0]}", lambda folder: _make_model(folder, widths))


def pictures(root: Path) -> Path:
    """512 pixels a side, as they are often prepared."""
    return _once(root / "pictures", lambda folder: _draw(folder, (512, 512)))


def photos(root: Path) -> Path:
    """12 megapixels, 4 MB each, as phones take them."""
    return _once(root / "photos", lambda folder: _draw(folder, (4000, 3000)))


def photos_of(folder: Path, pictures: Path) -> Path:
    """Square pictures as phones would have taken them: 12 megapixels, with a sensor's grain, which is nothing once they are small again."""
    return _once(folder, lambda made: _enlarge(pictures, made))


def of_the_class(folder: Path, base: Path, config: TrainConfig) -> Path:
    """The very pictures that the trainer of this repository draws of the class for that configuration."""
    model = StableDiffusion.load(base, torch.device("cpu"))
    return _once(folder, lambda made: class_pictures(model, config, made, lambda: None, lambda event: None))


def _once(folder: Path, make: Callable[[Path], object]) -> Path:
    if not folder.is_dir():
        partial = folder.with_name(f"{folder.name}.partial")
        partial.mkdir(parents=True, exist_ok=True)
        make(partial)
        partial.rename(folder)
    return folder


def _make_model(folder: Path, widths: tuple[int, ...]) -> None:
    torch.manual_seed(7)
    tokenizer = make_tokenizer(WORDS, folder / "tokenizer")
    pipeline = StableDiffusionPipeline(
        vae=_autoencoder(),
        text_encoder=_text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=_unet(widths),
        scheduler=_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder)


def _unet(widths: tuple[int, ...]) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=SIDE // 8,
        block_out_channels=widths,
        layers_per_block=2,
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=8,
        norm_num_groups=16,
    )


def _autoencoder() -> AutoencoderKL:
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(16, 32, 64, 64),
        layers_per_block=2,
        latent_channels=4,
        norm_num_groups=16,
        sample_size=SIDE,
    )


def _text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    ids = {f"{kind}_token_id": getattr(tokenizer, f"{kind}_token_id") for kind in ("bos", "eos", "pad")}
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=TEXT_WIDTH,
        intermediate_size=4 * TEXT_WIDTH,
        num_hidden_layers=4,
        num_attention_heads=4,
        projection_dim=TEXT_WIDTH,
        **ids,
    )
    return CLIPTextModel(config)


def _scheduler() -> DDIMScheduler:
    schedule = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
    return DDIMScheduler(clip_sample=False, set_alpha_to_one=False, **schedule)


def _draw(folder: Path, size: tuple[int, int]) -> None:
    """Noise that is fainter the finer it is, and a sensor's grain: about as hard to pack and to decode as what a camera sees."""
    dice = np.random.default_rng(7)
    for number in range(PICTURES):
        light = np.full((size[1], size[0], 3), 128.0, np.float32)
        for octave in (3, 5, 7, 9, 11):
            grain = Image.fromarray(dice.integers(0, 256, (2**octave, 2**octave, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
            light += (np.asarray(grain, np.float32) - 128) / 2 ** (octave / 2)
        _shoot(light, dice, folder / f"{number}.jpg")


def _enlarge(pictures: Path, folder: Path) -> None:
    dice = np.random.default_rng(7)
    for path in sorted(pictures.glob("*.png")):
        large = Image.open(path).convert("RGB").resize((SQUARE, SQUARE), Image.Resampling.BICUBIC)
        _shoot(np.asarray(large, np.float32), dice, folder / f"{path.stem}.jpg")


def _shoot(light: NDArray[np.float32], dice: np.random.Generator, path: Path) -> None:
    seen = light + dice.normal(0, GRAIN, (*light.shape[:2], 1)).astype(np.float32)
    Image.fromarray(seen.clip(0, 255).astype(np.uint8)).save(path, quality=90)
