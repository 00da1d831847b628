"""What one user may take of a day (UTC): pictures and bytes are counted when they are announced, minutes of GPU when a job is submitted."""

from datetime import UTC, datetime, time, timedelta

from jobs.account import Usage
from jobs.documents import now
from jobs.settings import UploadSettings
from jobs.store.usages import Check
from services.upload import wire
from services.upload.parts import Parts
from services.upload.problems import Problem

_MIB = 2**20


def resets(at: datetime) -> datetime:
    return datetime.combine(at.date() + timedelta(days=1), time(), UTC)


def of(parts: Parts, owner: str) -> wire.Quota:
    at, settings = now(), parts.settings
    usage = parts.usages.of(owner, at)
    return wire.Quota(
        pictures=wire.Allowance(used=usage.pictures, limit=settings.daily_pictures),
        bytes=wire.Allowance(used=usage.bytes, limit=settings.daily_bytes),
        gpu_minutes=wire.Allowance(used=usage.gpu_minutes, limit=settings.daily_gpu_minutes),
        resets=resets(at),
    )


def pictures(settings: UploadSettings) -> Check:
    def check(usage: Usage) -> None:
        _within(usage.pictures, settings.daily_pictures, "pictures")
        _within(usage.bytes // _MIB, settings.daily_bytes // _MIB, "MiB of pictures")

    return check


def training(settings: UploadSettings, minutes: int) -> Check:
    def check(usage: Usage) -> None:
        _within(usage.gpu_minutes, settings.daily_gpu_minutes, "minutes of training", minutes)

    return check


def _within(after: int, limit: int, what: str, asked: int | None = None) -> None:
    if after <= limit:
        return
    wait = resets(now()) - now()
    text = f"A day has {limit} {what} for you; with this it would be {after}."
    if asked is not None:
        text = f"This job may take {asked} {what}; {max(0, limit - after + asked)} of today's {limit} are left."
    raise Problem(
        "over-quota", f"{text} The count starts again at midnight UTC.", headers={"Retry-After": str(int(wait.total_seconds()) + 1)}
    )
