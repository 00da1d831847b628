"""What the event stream of a job carries as `data`; the event's name says which."""

from datetime import datetime

from jobs.job import State
from services.upload.wire.base import Failure, Wire


class StatusEvent(Wire):
    """`status`: one move of the job, each once and in order. The others say how it is now: `upload` (Upload), `progress` (Progress),
    `sample` (Sample), and `error` (Failure), which comes with the status `failed`."""

    state: State
    attempt: int
    at: datetime
    by: str
    detail: str
    failure: Failure | None = None
