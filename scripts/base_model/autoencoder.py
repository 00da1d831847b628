"""The autoencoder: halves each side of the picture, and ends with latents of mean zero and deviation one."""

from __future__ import annotations

import torch
from diffusers import AutoencoderKL
from torch import Tensor

from scripts.base_model import world
from scripts.base_model.schedule import descend

SIDE = 32
QUIET = -6.0
"""first log-variance of the latents: at the default of 0 the noise drowns the picture, and learning stalls"""


def train_autoencoder(steps: int, seed: int) -> AutoencoderKL:
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
        up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
        block_out_channels=(16, 32),
        latent_channels=4,
        norm_num_groups=1,
        sample_size=SIDE,
        scaling_factor=1.0,
    )
    with torch.no_grad():
        vae.quant_conv.bias[4:] = QUIET
        vae.quant_conv.weight[4:] *= 0.1
    generator = torch.Generator().manual_seed(seed)

    def loss(step: int) -> Tensor:
        pictures = world.decorated(16, SIDE, generator).pictures * 2 - 1
        posterior = vae.encode(pictures).latent_dist
        noise = torch.randn(posterior.mean.shape, generator=generator)
        restored = vae.decode(posterior.mean + posterior.std * noise).sample
        difference = restored - pictures
        return difference.abs().mean() + difference.square().mean() + 1e-6 * posterior.kl().mean()

    descend("autoencoder", vae, loss, steps, rate=3e-3)
    _standardise(vae, generator)
    print(f"autoencoder: {_fidelity(vae, generator):.1f} dB on unseen pictures", flush=True)
    return vae


@torch.no_grad()
def _standardise(vae: AutoencoderKL, generator: torch.Generator) -> None:
    """Fold each latent channel's mean and deviation into the 1x1 convolutions on both sides of the latents."""
    latents = vae.encode(world.captioned(512, SIDE, generator)[0] * 2 - 1).latent_dist.mean
    mean, deviation = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    inner, outer = vae.quant_conv, vae.post_quant_conv
    outer.bias += outer.weight[:, :, 0, 0] @ mean
    outer.weight *= deviation[None, :, None, None]
    inner.bias[:4] = (inner.bias[:4] - mean) / deviation
    inner.weight[:4] /= deviation[:, None, None, None]
    inner.bias[4:] -= 2 * deviation.log()


@torch.no_grad()
def _fidelity(vae: AutoencoderKL, generator: torch.Generator) -> float:
    pictures = world.decorated(128, SIDE, generator).pictures
    restored = vae.decode(vae.encode(pictures * 2 - 1).latent_dist.mean).sample / 2 + 0.5
    return float(-10 * (restored.clamp(0, 1) - pictures).square().mean().log10())
