"""At most one request at a time feeds an upload session: the newest.

A client whose connection broke asks for the offset while we may still wait on the broken connection. Whoever comes takes the slot
over; the older request finds out before its next write.
"""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager

from local.storage.errors import Conflict
from local.storage.sessions import Session, Sessions


class Slot:
    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._owner: object | None = None
        self._session: Session | None = None

    def take(self) -> object:
        """The token that `turn` asks for. Whoever held the slot has lost it."""
        self._owner = object()
        return self._owner

    @asynccontextmanager
    async def turn(self, owner: object) -> AsyncIterator[None]:
        """Raises Conflict if a newer request has taken over."""
        async with self._lock:
            if self._owner is not owner:
                raise Conflict("A newer request continues this upload session.")
            yield

    async def session(self, sessions: Sessions, identifier: str) -> Session:
        """Within a turn: as the last request left it, with only such bytes as are safely on disk."""
        if self._session is None:
            self._session = await asyncio.to_thread(sessions.load, identifier)
        if self._session.received != self._session.safe:
            await asyncio.to_thread(sessions.settle, self._session)
        return self._session

    def forget(self) -> None:
        """Within a turn: the session is over."""
        self._session = None


def slot_of(slots: MutableMapping[str, Slot], identifier: str) -> Slot:
    slot = slots.get(identifier)
    if slot is None:
        slot = slots[identifier] = Slot()
    return slot
