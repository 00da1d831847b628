"""DINOv2 and CLIP as judges, from folders as the hub has them: a base may bring either under likeness/, and CLIP under onlooker/."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor, nn
from transformers import CLIPModel, CLIPTokenizer, Dinov2Model

from images.trainer.grids import Rows

OFFLINE = {"local_files_only": True, "use_safetensors": True}
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""of ImageNet's pictures"""
SIDE = 224


class Lens:
    """Pictures as a network wants them: of one side, and normalised as its preprocessor_config.json says."""

    def __init__(self, folder: Path) -> None:
        path = folder / "preprocessor_config.json"
        told = json.loads(path.read_text()) if path.is_file() else {}
        crop = told.get("crop_size", SIDE)
        self.side = int(crop["height"] if isinstance(crop, dict) else crop)
        self.mean, self.deviation = torch.tensor(told.get("image_mean", MEAN)), torch.tensor(told.get("image_std", DEVIATION))

    def pixels(self, pictures: Sequence[Image.Image]) -> Tensor:
        """(n, 3, side, side)"""
        fitted = [ImageOps.fit(picture.convert("RGB"), (self.side, self.side), Image.Resampling.BICUBIC) for picture in pictures]
        values = torch.from_numpy(np.stack([np.asarray(picture, dtype=np.float32) / 255 for picture in fitted]))
        return ((values - self.mean) / self.deviation).permute(0, 3, 1, 2)


class Dino:
    """Of DINOv2 (Oquab et al. 2023, arXiv 2304.07193) the class token, as DreamBooth's section 4.2 takes it of DINO."""

    def __init__(self, folder: Path) -> None:
        self.network, self.lens = Dinov2Model.from_pretrained(folder, **OFFLINE).eval(), Lens(folder)

    def features(self, pictures: Sequence[Image.Image]) -> Tensor:
        with torch.no_grad():
            return nn.functional.normalize(self.network(self.lens.pixels(pictures)).last_hidden_state[:, 0], dim=-1)


class Clip:
    """CLIP (Radford et al. 2021, arXiv 2103.00020): the likeness of pictures, and an onlooker that tells them apart by their words."""

    def __init__(self, folder: Path) -> None:
        self.network: Any = CLIPModel.from_pretrained(folder, **OFFLINE).eval()
        self.tokenizer: Any = CLIPTokenizer.from_pretrained(folder, local_files_only=True)
        self.lens = Lens(folder)

    def features(self, pictures: Sequence[Image.Image]) -> Tensor:
        with torch.no_grad():
            seen = self.network.vision_model(self.lens.pixels(pictures)).pooler_output
            return nn.functional.normalize(self.network.visual_projection(seen), dim=-1)

    def recognised(self, rows: Rows, texts: Sequence[str], poll: Callable[[], None]) -> float:
        words = self._words(texts)
        hits = []
        for own, row in enumerate(rows):
            poll()
            hits.append((self.features(row) @ words.T).argmax(1) == own)
        return float(torch.cat(hits).float().mean())

    def _words(self, texts: Sequence[str]) -> Tensor:
        tokens = self.tokenizer(list(texts), padding="max_length", truncation=True, return_tensors="pt")
        with torch.no_grad():
            read = self.network.text_model(**tokens).pooler_output
            return nn.functional.normalize(self.network.text_projection(read), dim=-1)
