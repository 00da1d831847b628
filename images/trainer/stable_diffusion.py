"""Stable Diffusion 1.x and 2.x: a diffusers folder with a UNet, an autoencoder and one CLIP text encoder.

The models are imported by their full path: the pipeline classes would double the time from start to ready.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from images.trainer.family import Drawing, Moments, UnknownModel

PIPELINE = "StableDiffusionPipeline"
FILES = {"unet": "diffusion_pytorch_model.safetensors", "vae": "diffusion_pytorch_model.safetensors", "text_encoder": "model.safetensors"}
SMALL_FILES = {".json", ".txt"}


class StableDiffusion:
    def __init__(self, base: Path, unet: Any, vae: Any, text_encoder: Any, tokenizer: Any, scheduler: Any, device: torch.device) -> None:
        self.base, self.device = base, device
        self.unet, self.vae, self.text_encoder = unet.to(device), vae.to(device), text_encoder.to(device)
        self.tokenizer, self.scheduler = tokenizer, scheduler
        self.kind = scheduler.config.prediction_type
        self.factor = 2 ** (len(vae.config.block_out_channels) - 1)
        self.grain = self.factor * 2 ** (len(unet.config.block_out_channels) - 1)
        self.resolution = int(unet.config.sample_size) * self.factor

    @classmethod
    def load(cls, base: Path, device: torch.device, dtype: torch.dtype = torch.float32) -> Self:
        _check(base)
        options = {"local_files_only": True, "use_safetensors": True}
        scheduler = DDIMScheduler.from_pretrained(base, subfolder="scheduler", local_files_only=True, clip_sample=False)
        if scheduler.config.prediction_type not in {"epsilon", "v_prediction"}:
            raise UnknownModel(
                f"{base}/scheduler: prediction_type {scheduler.config.prediction_type!r} is neither epsilon nor v_prediction"
            )
        unet = UNet2DConditionModel.from_pretrained(base, subfolder="unet", torch_dtype=dtype, **options)
        vae = AutoencoderKL.from_pretrained(base, subfolder="vae", torch_dtype=dtype, **options)
        text_encoder = CLIPTextModel.from_pretrained(base, subfolder="text_encoder", dtype=dtype, **options)
        tokenizer = CLIPTokenizer.from_pretrained(base, subfolder="tokenizer", local_files_only=True)
        for part in (unet, vae, text_encoder):
            part.requires_grad_(False).eval()
        return cls(base, unet, vae, text_encoder, tokenizer, scheduler, device)

    def parts(self) -> dict[str, nn.Module]:
        return {"unet": self.unet, "text_encoder": self.text_encoder}

    def encode_prompts(self, prompts: Sequence[str]) -> Tensor:
        tokens = self.tokenizer(
            list(prompts), padding="max_length", max_length=self.tokenizer.model_max_length, truncation=True, return_tensors="pt"
        )
        states: Tensor = self.text_encoder(tokens.input_ids.to(self.device))[0]
        return states

    def encode_pictures(self, pictures: Sequence[Image.Image]) -> Moments:
        pixels = torch.stack([torch.from_numpy(np.asarray(picture, dtype=np.float32) / 127.5 - 1) for picture in pictures])
        with torch.no_grad():  # (n, 3, s, s) to (n, 4, s / factor, s / factor)
            posterior = self.vae.encode(pixels.permute(0, 3, 1, 2).to(self.device)).latent_dist
        scale = self.vae.config.scaling_factor
        return Moments(posterior.mean * scale, posterior.std * scale)

    def random_timesteps(self, uniform: Tensor) -> Tensor:
        return (uniform * self.scheduler.config.num_train_timesteps).long()

    def predict(self, latents: Tensor, noise: Tensor, timesteps: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        noisy = self.scheduler.add_noise(latents, noise, timesteps)
        predicted = self.unet(noisy, timesteps, encoder_hidden_states=states).sample
        velocity = self.kind == "v_prediction"
        return predicted, self.scheduler.get_velocity(latents, noise, timesteps) if velocity else noise

    def draw(self, drawings: Sequence[Drawing], poll: Callable[[], None]) -> list[Image.Image]:
        with torch.no_grad():
            latents = self._denoise(drawings, poll)
            decoded = self.vae.decode(latents / self.vae.config.scaling_factor).sample.float()
        pixels = (decoded / 2 + 0.5).clamp(0, 1).mul(255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
        return [Image.fromarray(picture) for picture in pixels]

    def _denoise(self, drawings: Sequence[Drawing], poll: Callable[[], None]) -> Tensor:
        first = drawings[0]
        width, height = first.width or self.resolution, first.height or self.resolution
        shape = (self.unet.config.in_channels, height // self.factor, width // self.factor)
        noise = [torch.randn(shape, generator=torch.Generator().manual_seed(drawing.seed)) for drawing in drawings]
        prompts = [drawing.negative_prompt for drawing in drawings] + [drawing.prompt for drawing in drawings]
        states = self.encode_prompts(prompts)  # (2n, tokens, width): without and with the prompt
        self.scheduler.set_timesteps(first.steps)
        latents = torch.stack(noise).to(self.device, states.dtype) * self.scheduler.init_noise_sigma
        for timestep in self.scheduler.timesteps:
            poll()
            without, prompted = self.unet(torch.cat([latents, latents]), timestep, encoder_hidden_states=states).sample.chunk(2)
            latents = self.scheduler.step(without + first.guidance * (prompted - without), timestep, latents).prev_sample
        return latents

    def save(self, folder: Path, trained: Sequence[str]) -> None:
        index = json.loads((self.base / "model_index.json").read_text())
        for optional in ("safety_checker", "feature_extractor", "image_encoder"):
            index[optional] = [None, None]
        index |= {"requires_safety_checker": False, "scheduler": ["diffusers", "DDIMScheduler"]}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
        self.scheduler.save_pretrained(folder / "scheduler")
        for part in ("tokenizer", *FILES):
            self._save_part(part, folder / part, part in trained)

    def _save_part(self, part: str, folder: Path, trained: bool) -> None:
        folder.mkdir(exist_ok=True)
        for path in (self.base / part).iterdir():
            if path.suffix in SMALL_FILES or (path.name == FILES.get(part) and not trained):
                shutil.copyfile(path, folder / path.name)
        if trained and part == "unet":
            self._save_halves(self.unet, folder / FILES[part])
        elif trained:
            self.text_encoder.save_pretrained(folder)  # it has names of its own for what is in the file

    @staticmethod
    def _save_halves(module: nn.Module, path: Path) -> None:
        """Half precision: half the bytes to upload and load, and the pictures are the same."""
        tensors = {name: tensor.half().cpu().contiguous() for name, tensor in module.state_dict().items()}
        save_file(tensors, path, metadata={"format": "pt"})


def _check(base: Path) -> None:
    index = base / "model_index.json"
    if not index.is_file():
        raise UnknownModel(f"{base} is no diffusers folder: it has no model_index.json")
    kind = json.loads(index.read_text()).get("_class_name")
    if kind != PIPELINE:
        raise UnknownModel(f"{index}: {kind!r} is unknown; this trainer knows {PIPELINE!r}")
    missing = [f"{part}/{name}" for part, name in FILES.items() if not (base / part / name).is_file()]
    if missing:
        raise UnknownModel(f"{base}: no {', '.join(missing)}; weights must be safetensors")
