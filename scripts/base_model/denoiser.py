"""The text encoder and the UNet, trained together: v-prediction with a schedule that ends in pure noise."""

from __future__ import annotations

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from scripts.base_model import world
from scripts.base_model.autoencoder import SIDE
from scripts.base_model.schedule import descend

WIDTH = 64
UNCONDITIONAL = 0.1
"""share of empty captions, which classifier-free guidance needs"""


def make_scheduler() -> DDIMScheduler:
    """All of it must be in the saved config, or the pipeline samples another process than the one trained here."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def make_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=tokenizer.model_max_length,
            projection_dim=WIDTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def make_unet() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=SIDE // 2,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=8,
    )


class Denoiser(nn.Module):
    def __init__(self, tokenizer: CLIPTokenizer) -> None:
        super().__init__()
        self.tokenizer = tokenizer
        self.text_encoder = make_text_encoder(tokenizer)
        self.unet = make_unet()

    def forward(self, noisy: Tensor, timesteps: Tensor, captions: list[str]) -> Tensor:
        tokens = self.tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt").input_ids
        states = self.text_encoder(tokens)[0]
        predicted: Tensor = self.unet(noisy, timesteps, encoder_hidden_states=states).sample
        return predicted


def train_denoiser(vae: nn.Module, tokenizer: CLIPTokenizer, steps: int, batch: int, seed: int) -> Denoiser:
    model = Denoiser(tokenizer)
    scheduler = make_scheduler()
    generator = torch.Generator().manual_seed(seed)
    bank, names = _bank(vae, generator)

    def loss(step: int) -> Tensor:
        chosen = torch.randint(len(names), (batch,), generator=generator)
        silent = torch.rand(batch, generator=generator) < UNCONDITIONAL
        captions = ["" if silent[i] else names[chosen[i]] for i in range(batch)]
        latents, noise = bank[chosen], torch.randn(batch, *bank.shape[1:], generator=generator)
        timesteps = torch.randint(scheduler.config.num_train_timesteps, (batch,), generator=generator)
        predicted = model(scheduler.add_noise(latents, noise, timesteps), timesteps, captions)
        return nn.functional.mse_loss(predicted, scheduler.get_velocity(latents, noise, timesteps))

    descend("denoiser", model, loss, steps, rate=2e-3)
    return model.eval()


@torch.no_grad()
def _bank(vae: nn.Module, generator: torch.Generator, size: int = 16384) -> tuple[Tensor, list[str]]:
    """Encoded once: a tenth of each step's time otherwise."""
    latents: list[Tensor] = []
    captions: list[str] = []
    for _ in range(size // 256):
        pictures, said = world.captioned(256, SIDE, generator)
        latents.append(vae.encode(pictures * 2 - 1).latent_dist.mean)
        captions += said
    return torch.cat(latents), captions
