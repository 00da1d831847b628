"""Cross-origin headers, from the bucket's own `cors` setting."""

from collections.abc import Iterable, Mapping

from local.interfaces import Json

# what a browser lets through without asking
_SIMPLE = frozenset({"accept", "accept-language", "content-language", "range"})


def entry_for(settings: Json, origin: str, method: str) -> Json | None:
    for entry in settings.get("cors", []):
        if _has(entry.get("origin", []), origin) and _has(entry.get("method", []), method):
            found: Json = entry
            return found
    return None


def preflight(settings: Json, headers: Mapping[str, str]) -> dict[str, str]:
    """The answer to OPTIONS; empty where the bucket does not allow it, which the browser takes for a refusal."""
    origin, method = headers.get("Origin", ""), headers.get("Access-Control-Request-Method", "")
    wanted = [name.strip() for name in headers.get("Access-Control-Request-Headers", "").split(",") if name.strip()]
    entry = entry_for(settings, origin, method)
    if entry is None or not all(_allowed(entry, name) for name in wanted):
        return {}
    return {
        **_origin(entry, origin),
        "Access-Control-Allow-Methods": ", ".join(entry.get("method", [])),
        "Access-Control-Allow-Headers": ", ".join(wanted),
        "Access-Control-Max-Age": str(int(entry.get("maxAgeSeconds", 3600))),
    }


def actual(settings: Json, origin: str, method: str) -> dict[str, str]:
    entry = entry_for(settings, origin, method)
    if entry is None:
        return {}
    return {**_origin(entry, origin), "Access-Control-Expose-Headers": ", ".join(entry.get("responseHeader", []))}


def _origin(entry: Json, origin: str) -> dict[str, str]:
    anyone = "*" in entry.get("origin", [])
    return {"Access-Control-Allow-Origin": "*" if anyone else origin, "Vary": "Origin"}


def _allowed(entry: Json, header: str) -> bool:
    return header.lower() in _SIMPLE or _has([name.lower() for name in entry.get("responseHeader", [])], header.lower())


def _has(values: Iterable[str], value: str) -> bool:
    return any(each in {"*", value} for each in values)
