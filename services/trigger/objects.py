"""Objects of a bucket, removed page by page with all their older versions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import NotFound
from google.cloud.storage.retry import DEFAULT_RETRY

from services.trigger.clients import TIMEOUT_S
from services.trigger.repairs import pages

# what Cloud Storage takes in one batch
PAGE = 100
_RETRY = DEFAULT_RETRY.with_timeout(20.0)


@dataclass(frozen=True)
class Prefix:
    """`bucket` is a google.cloud.storage.Bucket."""

    bucket: Any
    name: str

    @property
    def uri(self) -> str:
        return f"gs://{self.bucket.name}/{self.name}"


def remove(prefix: Prefix, tell: Callable[[Sequence[str]], None] = lambda uris: None) -> Iterator[int]:
    """How many went, after each page. `tell` hears of names before they go, so that whoever breaks off has told too many, never too few;
    a next call tells them again."""
    found = prefix.bucket.list_blobs(prefix=prefix.name, versions=True, page_size=PAGE, timeout=TIMEOUT_S, retry=_RETRY)
    for page in pages(found, PAGE):
        tell(sorted({f"gs://{prefix.bucket.name}/{blob.name}" for blob in page}))
        delete(prefix.bucket, page)
        yield len(page)


def delete(bucket: Any, blobs: Iterable[Any]) -> None:
    """In one request, each as it was listed: what was written anew meanwhile stays. What is gone is done; whatever else goes wrong with
    one of them is raised once the others are deleted."""
    with suppress(NotFound), bucket.client.batch():
        for blob in blobs:
            bucket.delete_blob(blob.name, generation=blob.generation, timeout=TIMEOUT_S)
