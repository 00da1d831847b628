"""What a step of Stable Diffusion 1.5 costs, in floating-point operations: counted on tensors that have a shape and no content, at 512
pixels and batch 1. docs/figures.md quotes these.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from PIL import Image
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode
from transformers import CLIPTextConfig, CLIPTextModel

from images.trainer.config import TrainConfig
from images.trainer.dreambooth import DreamBooth, Examples
from images.trainer.stable_diffusion import StableDiffusion

CPU = torch.device("cpu")
SIDE = 512
TERA = 1e12


@pytest.fixture(autouse=True, scope="module")
def _without_content() -> Iterator[None]:
    with FakeTensorMode(allow_non_fake_inputs=True), sdpa_kernel(SDPBackend.MATH):  # other kernels are not counted
        parts()  # torch refers to the first tensor of each shape that is made so, and lets no module with such a one be moved
        yield


@pytest.fixture(scope="module")
def family() -> StableDiffusion:
    return stable_diffusion()


@pytest.fixture(scope="module")
def forward(family: StableDiffusion) -> float:
    latents, states = torch.empty(1, 4, SIDE // 8, SIDE // 8), torch.empty(1, 77, 768)
    with torch.no_grad():
        return counted(lambda: family.unet(latents, torch.zeros(1), encoder_hidden_states=states))


@pytest.fixture(scope="module")
def full() -> float:
    return counted_step("dreambooth", adapt_convolutions=False)


@pytest.fixture(scope="module")
def beside(family: StableDiffusion) -> float:
    """What diffusers' train_dreambooth.py does in each step, and ours before the first."""
    return counted(lambda: encoded(family))


def test_the_unet_has_as_many_parameters_as_stable_diffusions(family: StableDiffusion) -> None:
    assert sum(parameter.numel() for parameter in family.unet.parameters()) == 859_520_964


def test_a_forward_pass_takes_four_fifths_of_a_teraflop(forward: float) -> None:
    assert forward == pytest.approx(0.8033, rel=0.001)


def test_backward_takes_twice_what_forward_takes(forward: float, full: float) -> None:
    assert full - forward == pytest.approx(2 * forward, rel=0.01)


def test_pictures_and_texts_are_encoded_outside_of_the_steps_which_saves_a_third_of_diffusers_step(full: float, beside: float) -> None:
    assert beside == pytest.approx(1.130, rel=0.001)
    assert beside / (full + beside) == pytest.approx(0.32, abs=0.005)


def test_a_step_of_lora_costs_a_quarter_less_with_convolutions_too(full: float) -> None:
    assert counted_step("lora", adapt_convolutions=False) < 0.72 * full
    assert counted_step("lora", adapt_convolutions=True) < 0.73 * full


def counted_step(method: str, adapt_convolutions: bool) -> float:
    family = stable_diffusion()
    config = TrainConfig(
        "a photo of a sks dog", prior_weight=0, method=method, adapt_convolutions=adapt_convolutions, precision="float32", device="cpu"
    )
    dreambooth = DreamBooth(family, config, encoded(family), CPU)
    return counted(lambda: dreambooth.loss(0).backward())


def encoded(family: StableDiffusion) -> Examples:
    with torch.no_grad():
        family.encode_prompts(["a photo of a sks dog"])
    return Examples(family.encode_pictures([Image.new("RGB", (SIDE, SIDE))]), None)


def counted(work: Callable[[], object]) -> float:
    with FlopCounterMode(display=False) as counter:
        work()
    return float(counter.get_total_flops()) / TERA


def stable_diffusion() -> StableDiffusion:
    for part in (models := parts()):
        part.requires_grad_(False).eval()
    return StableDiffusion(Path(), *models, Tokenizer(), DDIMScheduler(beta_schedule="scaled_linear"), CPU)


def parts() -> tuple[nn.Module, nn.Module, nn.Module]:
    unet = UNet2DConditionModel(
        sample_size=SIDE // 8,
        block_out_channels=(320, 640, 1280, 1280),
        layers_per_block=2,
        cross_attention_dim=768,
        attention_head_dim=8,
    )
    autoencoder = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(128, 256, 512, 512),
        layers_per_block=2,
        sample_size=SIDE,
    )
    text = CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12)
    return unet, autoencoder, CLIPTextModel(text)


class Tokenizer:
    model_max_length = 77

    def __call__(self, prompts: Sequence[str], **how: Any) -> SimpleNamespace:
        return SimpleNamespace(input_ids=torch.zeros(len(prompts), self.model_max_length, dtype=torch.long))
