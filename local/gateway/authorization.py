"""Who may do what behind the gateway: asked here for Google's emulators, which cannot ask for themselves."""

from collections.abc import Callable, Mapping, Sequence

from local.iam.apis import Api, UnknownMethod
from local.iam.denials import Denial
from local.iam.needs import Guard, Need, Resource

_UNKNOWN = "unknown"


class Authorization:
    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def of_call(self, principal: str, host: str, api: Api | None, method: str, message: bytes) -> Denial | None:
        """Raises Unreadable."""
        return self._denial(principal, host, api, method, lambda known: known.called(method, message))

    def of_request(
        self, principal: str, host: str, api: Api | None, verb: str, path: str, query: Mapping[str, str], body: bytes
    ) -> Denial | None:
        """Raises Unreadable."""
        return self._denial(principal, host, api, f"{verb} {path}", lambda known: known.requested(verb, path, query, body))

    def _denial(self, principal: str, host: str, api: Api | None, method: str, asked: Callable[[Api], Sequence[Need]]) -> Denial | None:
        try:
            if api is None:
                raise UnknownMethod(method)
            lacked = self._guard.refused(principal, asked(api))
            return Denial(api.words(lacked), lacked) if lacked else None
        except UnknownMethod:
            # no role has such a permission: only whoever may do everything gets on
            need = Need(_UNKNOWN, Resource(f"{host} {method}", host, host, ()))
            text = f"The local cloud does not know which permissions {method} of {host} asks for, so nobody but the owner may call it."
            return Denial(text, need) if self._guard.refused(principal, [need]) else None
