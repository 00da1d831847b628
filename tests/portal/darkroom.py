"""What the trigger, the pipeline and the sweep do on a stage, in seconds: jobs that are handed in become models, models wake and sleep,
and what was deleted gets its receipt. What the seed has laid out stays as it is."""

import threading
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from jobs import names
from jobs.account import Erasure
from jobs.documents import Job, Outbox
from jobs.job import NotAllowed, State, Superseded
from jobs.library import Deployment
from jobs.store import Contended, UnknownJob
from services.upload.parts import Parts
from tests.portal.seed import STOPPED, Seed

DOOMED = "Doomed"
"""how the name of a job begins whose training fails"""
_TICK_S = 0.4
_TURNS = {State.UPLOADED: 1, State.QUEUED: 2, State.PROVISIONING: 3, State.EVALUATING: 3, State.REGISTERING: 2, State.DEPLOYING: 3}
_NEXT = {
    State.UPLOADED: State.QUEUED,
    State.QUEUED: State.PROVISIONING,
    State.PROVISIONING: State.TRAINING,
    State.TRAINING: State.EVALUATING,
    State.EVALUATING: State.REGISTERING,
    State.REGISTERING: State.DEPLOYING,
    State.DEPLOYING: State.READY,
}
_EIGHTH_TURNS, _WAKING_TURNS, _SLEEPING_TURNS, _ERASING_TURNS = 3, 8, 5, 5


@dataclass
class Darkroom:
    """`resting` are ids of jobs and erasures that it leaves alone. `paused` holds everything where it is."""

    seed: Seed
    resting: Set[str]
    paused: bool = False
    _turns: dict[tuple[str, str], int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def parts(self) -> Parts:
        return self.seed.parts

    def run(self) -> None:
        while not self._over.wait(_TICK_S):
            if not self.paused:
                self._turn()

    def end(self) -> None:
        self._over.set()

    def _turn(self) -> None:
        for row in self.parts.jobs.outbox():
            if row.job_id not in self.resting:
                self._start(row)
        for job in self.parts.jobs.running():
            if job.id not in self.resting:
                self._develop(job)
        for deployment in (*self.parts.deployments.waking(), *self.parts.deployments.sleeping()):
            if deployment.job_id not in self.resting:
                self._deploy(deployment)
        for erasure in self.parts.erasures.due():
            if erasure.id not in self.resting:
                self._erase(erasure)

    def _start(self, row: Outbox) -> None:
        job = self.parts.jobs.get(row.job_id)
        if job.state is State.UPLOADED:
            self._develop(job)
        else:
            self.parts.jobs.close(row)

    def _develop(self, job: Job) -> None:
        turn = self._turned(job.id, f"{job.state} {job.attempt}")
        try:
            if job.state is State.CANCELLING:
                if turn > 2:
                    self.parts.jobs.advance(job.id, job.attempt, State.CANCELLED, by="sweep")
            elif job.state is State.TRAINING:
                self._train(job, turn)
            elif turn > _TURNS[job.state]:
                self._advance(job, _NEXT[job.state])
        except (NotAllowed, Superseded, UnknownJob, Contended):
            return  # the designer was faster

    def _train(self, job: Job, turn: int) -> None:
        eighths, within = divmod(turn, _EIGHTH_TURNS)
        if job.name.startswith(DOOMED) and eighths == 3:
            self.parts.jobs.advance(job.id, job.attempt, State.FAILED, by="pipeline", failure=STOPPED)
        elif eighths >= 8 or job.finishing:
            self._advance(job, State.EVALUATING)
        elif within == 0 and eighths:
            progress = self.seed.progress(job, eighths)
            self.parts.jobs.note(job.id, progress=replace(progress, eta_seconds=(8 - eighths) * _EIGHTH_TURNS * _TICK_S))

    def _advance(self, job: Job, to: State) -> None:
        fields = self.seed.fields(job, to) if to in {State.EVALUATING, State.READY} else {}
        by = "start" if to is State.QUEUED else "pipeline"
        moved = self.parts.jobs.advance(job.id, job.attempt, to, by=by, **fields)
        if to is State.READY:
            self.parts.jobs.note(moved.id, deadline=moved.updated + timedelta(hours=2))

    def _deploy(self, deployment: Deployment) -> None:
        turn = self._turned(deployment.job_id, f"{deployment.state} {deployment.since}")
        if deployment.state.value == "waking" and turn > _WAKING_TURNS:
            self.parts.deployments.awake(deployment, timedelta(hours=2))
        elif deployment.state.value == "sleeping" and turn > _SLEEPING_TURNS:
            self.parts.deployments.asleep(deployment)

    def _erase(self, erasure: Erasure) -> None:
        if self._turned(erasure.id, "due") <= _ERASING_TURNS:
            return
        self.parts.erasures.note(erasure.id, [*self._removed(erasure.job_id), f"firestore:jobs/{erasure.job_id}"])
        self.parts.erasures.finish(erasure.id)

    def _removed(self, job_id: str) -> Iterator[str]:
        for bucket, prefix in ((self.parts.pictures, names.clean_prefix(job_id)), (self.parts.models, f"{names.RUNS}{job_id}/")):
            for name in self.seed.objects(bucket.name, prefix):
                bucket.delete(name)
                yield f"gs://{bucket.name}/{name}"
        for made in self.parts.generations.of_job(job_id):
            self.parts.generations.forget(made.id)
            yield f"firestore:generations/{made.id}"

    def _turned(self, about: str, what: str) -> int:
        self._turns[about, what] = turn = self._turns.get((about, what), 0) + 1
        return turn


@contextmanager
def darkroom(seed: Seed, resting: Set[str]) -> Iterator[Darkroom]:
    found = Darkroom(seed, resting)
    thread = threading.Thread(target=found.run, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.end()
        thread.join(10)
