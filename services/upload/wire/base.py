"""What every model on the wire shares: camelCase there, snake_case here; nothing that is not named."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.upload.problem_kinds import KINDS, code


def printable(text: str) -> str:
    """NFC, and without control and direction characters, which can make one name look like another."""
    kept = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    return " ".join(kept.split())


def _class_word(text: str) -> str:
    return re.sub(r"^(a|an|the)\s+", "", printable(text), flags=re.IGNORECASE)


def _printable(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def _end(value: object) -> object:
    """Of a name that is too long, the end says more: it has the number and the kind."""
    return printable(value)[-255:] if isinstance(value, str) else value


Name = Annotated[str, BeforeValidator(_printable), Field(min_length=1, max_length=120)]
FileName = Annotated[str, BeforeValidator(_end), Field(min_length=1, max_length=255)]
Caption = Annotated[str, BeforeValidator(_printable), Field(max_length=500)]
Prompt = Annotated[str, BeforeValidator(_printable), Field(min_length=1, max_length=1000)]
Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}$")]
ClassWord = Annotated[str, AfterValidator(_class_word), Field(pattern=r"^[A-Za-z][A-Za-z -]{0,63}$")]
Code = Annotated[str, Field(json_schema_extra={"enum": [code(slug) for slug in KINDS]})]


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Problem(Wire):
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: Code
    retryable: bool
    trace_id: str
    errors: list[dict[str, str]] | None = None


class Failure(Wire):
    code: str
    text: str
    retryable: bool
