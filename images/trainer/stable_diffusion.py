"""Stable Diffusion 1.x and 2.x: a diffusers folder with a UNet, an autoencoder and one CLIP text encoder.

The models are imported by their full path: the pipeline classes would double the time from start to ready.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from PIL import Image
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from images.trainer.base_files import strange
from images.trainer.family import Drawing, Moments, UnknownModel
from images.trainer.halves import save_halves

FILES = {"unet": "diffusion_pytorch_model.safetensors", "vae": "diffusion_pytorch_model.safetensors", "text_encoder": "model.safetensors"}
CONFIGS = ("scheduler/scheduler_config.json", "unet/config.json", "vae/config.json", "text_encoder/config.json")
VARIANTS = (None, "fp16")
"""of the weights; the first that is there is taken"""
ATTENTION = (".to_q", ".to_k", ".to_v", ".to_out.0", ".q_proj", ".k_proj", ".v_proj", ".out_proj")
CONVOLUTIONS = (".conv1", ".conv2", ".conv_shortcut", "samplers.0.conv", ".proj_in", ".proj_out")
V2_WIDTH = 1024
"""of the text states that the denoiser of Stable Diffusion 2.x attends to"""
CPU = torch.device("cpu")
SMALL_FILES = {".json", ".txt"}
WEIGHTS = {".safetensors", ".bin", ".ckpt", ".pt"}


class StableDiffusion:
    def __init__(self, base: Path, unet: Any, vae: Any, text_encoder: Any, tokenizer: Any, scheduler: Any, device: torch.device) -> None:
        self.base, self.device = base, device
        self.unet, self.vae, self.text_encoder = unet.to(device), vae.to(device), text_encoder.to(device)
        self.tokenizer, self.scheduler = tokenizer, scheduler
        self.compiled = False
        self.resting: list[nn.Module] = []
        if scheduler.config.rescale_betas_zero_snr:  # the last step, at which nothing of a picture is left, must be the first of a drawing
            scheduler.register_to_config(timestep_spacing="trailing")
        self.velocity = scheduler.config.prediction_type == "v_prediction"
        second = "stable-diffusion-v2-768-v" if self.velocity else "stable-diffusion-v2-512"
        self.architecture = second if unet.config.cross_attention_dim == V2_WIDTH else "stable-diffusion-v1"
        self.factor = 2 ** (len(vae.config.block_out_channels) - 1)
        self.grain = self.factor * 2 ** (len(unet.config.block_out_channels) - 1)
        self.resolution = int(unet.config.sample_size) * self.factor

    @classmethod
    def load(cls, base: Path, device: torch.device, dtype: torch.dtype = torch.float32) -> Self:
        """Raises UnknownModel."""
        _check(base)
        scheduler = _scheduler(base)
        unet = _load(UNet2DConditionModel, base, "unet", torch_dtype=dtype)
        vae = _load(AutoencoderKL, base, "vae", torch_dtype=dtype)
        text_encoder = _load(CLIPTextModel, base, "text_encoder", dtype=dtype)
        tokenizer = CLIPTokenizer.from_pretrained(base, subfolder="tokenizer", local_files_only=True)
        if unet.config.in_channels != vae.config.latent_channels:
            raise UnknownModel(
                f"{base}/unet takes {unet.config.in_channels} channels, its autoencoder makes {vae.config.latent_channels}: "
                "models for inpainting, depth or upscaling are not what this trainer knows"
            )
        return cls(base, unet, vae, text_encoder, tokenizer, scheduler, device)

    def parts(self) -> dict[str, nn.Module]:
        return {"unet": self.unet, "text_encoder": self.text_encoder}

    def adaptable(self, parts: Sequence[str], convolutions: bool) -> dict[str, nn.Module]:
        kinds = (*ATTENTION, *(CONVOLUTIONS if convolutions else ()))
        modules = [(f"{part}.{path}", module) for part in parts for path, module in self.parts()[part].named_modules()]
        return {name: module for name, module in modules if name.endswith(kinds)}

    def rest(self, part: str) -> None:
        self.resting.append(getattr(self, part).to(CPU))

    @contextmanager
    def _at_hand(self, module: nn.Module) -> Iterator[None]:
        resting = module in self.resting
        if resting:
            module.to(self.device)
        yield
        if resting:
            module.to(CPU)

    def recompute(self) -> None:
        """The text encoder's share is small: where only adapters beside it learn, it keeps all."""
        self.unet.enable_gradient_checkpointing()
        self.text_encoder.activation_checkpointing_enable({"use_reentrant": False})

    def compile(self, backend: str = "inductor") -> None:
        """In place, each block of attention by itself: they are alike, so that a few are compiled and all are quicker."""
        self.unet.compile_repeated_blocks(backend=backend)
        self.compiled = True

    def encode_prompts(self, prompts: Sequence[str]) -> Tensor:
        tokens = self.tokenizer(
            list(prompts), padding="max_length", max_length=self.tokenizer.model_max_length, truncation=True, return_tensors="pt"
        )
        with self._at_hand(self.text_encoder):
            states: Tensor = self.text_encoder(tokens.input_ids.to(self.device))[0]
        return states

    def encode_pictures(self, pictures: Sequence[Image.Image]) -> Moments:
        pixels = torch.stack([torch.from_numpy(np.asarray(picture, dtype=np.float32) / 127.5 - 1) for picture in pictures])
        with torch.no_grad(), self._at_hand(self.vae):  # (n, 3, s, s) to (n, 4, s / factor, s / factor)
            posterior = self.vae.encode(pixels.permute(0, 3, 1, 2).to(self.device)).latent_dist
        scale = self.vae.config.scaling_factor
        return Moments(posterior.mean * scale, posterior.std * scale)

    def random_timesteps(self, uniform: Tensor) -> Tensor:
        return (uniform * self.scheduler.config.num_train_timesteps).long()

    def signal_to_noise(self, timesteps: Tensor) -> Tensor:
        signal = self.scheduler.alphas_cumprod.to(timesteps.device)[timesteps]
        return signal / (1 - signal)

    def predict(self, latents: Tensor, noise: Tensor, timesteps: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        noisy = self.scheduler.add_noise(latents, noise, timesteps)
        with self._eagerly():
            predicted = self.unet(noisy, timesteps, encoder_hidden_states=states).sample
        return predicted, self.scheduler.get_velocity(latents, noise, timesteps) if self.velocity else noise

    def draw(self, drawings: Sequence[Drawing], poll: Callable[[], None]) -> list[Image.Image]:
        with torch.no_grad(), self._eagerly():
            latents = self._denoise(drawings, poll)
            with self._at_hand(self.vae):
                # one by one: what decoding holds of each is hundreds of times as large as the picture
                latents = latents / self.vae.config.scaling_factor
                decoded = torch.cat([self.vae.decode(each).sample.float() for each in latents.split(1)])
        pixels = (decoded / 2 + 0.5).clamp(0, 1).mul(255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
        return [Image.fromarray(picture) for picture in pixels]

    def _eagerly(self) -> AbstractContextManager[Any]:
        """Where nothing is trained, since what that needs would be compiled anew."""
        would_compile = self.compiled and not torch.is_grad_enabled()
        return torch.compiler.set_stance("force_eager") if would_compile else nullcontext()

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

    def save(self, folder: Path, trained: Sequence[str], about: Mapping[str, str]) -> None:
        index = json.loads((self.base / "model_index.json").read_text())
        for optional in ("safety_checker", "feature_extractor", "image_encoder"):
            index[optional] = [None, None]
        index |= {"requires_safety_checker": False, "scheduler": ["diffusers", "DDIMScheduler"]}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
        self.scheduler.save_pretrained(folder / "scheduler")
        for part in ("tokenizer", *FILES):
            self._save_part(part, folder / part, part in trained, about)

    def _save_part(self, part: str, folder: Path, trained: bool, about: Mapping[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        for path in (self.base / part).iterdir():
            if path.suffix in SMALL_FILES:
                shutil.copyfile(path, folder / path.name)
        if part in FILES and not trained:
            shutil.copyfile(weights_of(self.base, part), folder / FILES[part])
        elif trained and part == "unet":
            save_halves(self.unet.state_dict(), folder / FILES[part], about)
        elif trained:
            self.text_encoder.save_pretrained(folder)  # it has names of its own for what is in the file


def _check(base: Path) -> None:
    index = base / "model_index.json"
    if not index.is_file():
        raise UnknownModel(f"{base} is no diffusers folder: it has no model_index.json")
    if unknown := strange(json.loads(index.read_text())):
        raise UnknownModel(f"{index}: {unknown}")
    for part in FILES:
        weights_of(base, part)
    small = list(CONFIGS)
    if not (base / "tokenizer" / "tokenizer.json").is_file():
        small += ["tokenizer/vocab.json", "tokenizer/merges.txt"]
    if missing := [name for name in small if not (base / name).is_file()]:
        raise UnknownModel(f"{base}: no {', '.join(missing)}")


def weights_of(base: Path, part: str) -> Path:
    """The one file of a part's weights, of whichever variant is there. Raises UnknownModel."""
    plain = base / part / FILES[part]
    named = [plain if variant is None else plain.with_suffix(f".{variant}.safetensors") for variant in VARIANTS]
    found = next((path for path in named if path.is_file()), None)
    if found:
        return found
    there = sorted(path.name for path in plain.parent.glob("*") if path.suffix in WEIGHTS)
    if any(name.endswith(".safetensors") for name in there):
        raise UnknownModel(f"{plain.parent}: its weights are in {', '.join(there)}; they must be in one file, {plain.name}")
    but = f"; {', '.join(there)} would have to be unpickled" if there else ""
    raise UnknownModel(f"{base}: no {part}/{plain.name}; weights must be safetensors{but}")


def _load(kind: Any, base: Path, part: str, **options: Any) -> Any:
    name = weights_of(base, part).name
    variant = next((variant for variant in VARIANTS if variant and name.endswith(f".{variant}.safetensors")), None)
    loaded = kind.from_pretrained(base, subfolder=part, variant=variant, local_files_only=True, use_safetensors=True, **options)
    return loaded.requires_grad_(False).eval()


def _scheduler(base: Path) -> Any:
    """Whatever sampler the model came with, its noise is sampled by DDIM, in training and in drawing alike."""
    scheduler = DDIMScheduler.from_pretrained(base, subfolder="scheduler", local_files_only=True, clip_sample=False)
    predicted = scheduler.config.prediction_type
    if predicted not in {"epsilon", "v_prediction"}:
        raise UnknownModel(f"{base}/scheduler: prediction_type {predicted!r} is neither epsilon nor v_prediction")
    if predicted == "epsilon" and scheduler.config.rescale_betas_zero_snr:
        raise UnknownModel(
            f"{base}/scheduler: rescale_betas_zero_snr leaves nothing of the picture at the last step, and a prediction of noise (epsilon) "
            "cannot bring it back: set prediction_type to v_prediction if the model was trained so, else rescale_betas_zero_snr to false"
        )
    return scheduler
