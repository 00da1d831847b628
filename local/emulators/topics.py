"""Which topics and subscriptions there are: a file, since the emulator forgets them."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from local.interfaces import SubscriptionSpec


class Topics:
    def __init__(self, file: Path) -> None:
        self._file = file
        kept = json.loads(file.read_text()) if file.exists() else {"topics": [], "subscriptions": []}
        self._topics: set[str] = set(kept["topics"])
        self._subscriptions = {one["name"]: SubscriptionSpec(**one) for one in kept["subscriptions"]}

    @property
    def names(self) -> list[str]:
        return sorted(self._topics)

    @property
    def subscriptions(self) -> Mapping[str, SubscriptionSpec]:
        return self._subscriptions

    def add(self, topic: str) -> None:
        self._topics.add(topic)
        self._write()

    def remove(self, topic: str) -> None:
        self._topics.discard(topic)
        self._write()

    def subscribe(self, spec: SubscriptionSpec) -> None:
        self._subscriptions[spec.name] = spec
        self._write()

    def unsubscribe(self, name: str) -> None:
        self._subscriptions.pop(name, None)
        self._write()

    def _write(self) -> None:
        subscriptions = [asdict(self._subscriptions[name]) for name in sorted(self._subscriptions)]
        fresh = self._file.with_name(f".{self._file.name}.new")
        with fresh.open("w") as file:
            json.dump({"topics": self.names, "subscriptions": subscriptions}, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)
