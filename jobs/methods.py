"""How a model learns what the pictures show."""

from enum import StrEnum


class Method(StrEnum):
    """DreamBooth changes the model itself; LoRA learns small matrices beside it, which also go on as files of their own."""

    DREAMBOOTH = "dreambooth"
    LORA = "lora"
