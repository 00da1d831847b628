"""The designers of a stage and what they have: jobs in every state, models, prints, receipts."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore, storage

from jobs import names
from jobs.account import Erasure, Scope
from jobs.documents import Failure, Job, Progress, Result, Upload, now, wire
from jobs.job import State, UploadState
from jobs.library import Generation, GenerationState
from jobs.methods import Method
from services.upload.identifiers import crc32c, derived
from services.upload.parts import Parts
from services.upload.weights import FORMATS
from tests.portal import drafts, painter
from tests.portal.served import PRINTS

FIRST, EVERYTHING, MANY, LIMITS = "lin@example.com", "ada@example.com", "grace@example.com", "noor@example.com"
DESIGNERS = (EVERYTHING, FIRST, MANY, LIMITS)
BASE_MODEL = "gs://models/stable-diffusion-v1-5"
STEPS = 800
_S = State
_BY = {_S.QUEUED: "start", _S.READY: "deploy", _S.CANCELLED: "sweep", _S.RETIRED: "sweep", _S.CANCELLING: "upload"}
_WAY = (_S.QUEUED, _S.PROVISIONING, _S.TRAINING, _S.EVALUATING, _S.REGISTERING, _S.DEPLOYING, _S.READY)
# what lies between two moves, in minutes
_TOOK = {
    _S.UPLOADED: 4,
    _S.QUEUED: 1,
    _S.PROVISIONING: 2,
    _S.TRAINING: 3,
    _S.EVALUATING: 14,
    _S.REGISTERING: 1,
    _S.DEPLOYING: 1,
    _S.READY: 3,
}
STOPPED = Failure(
    "TRAINING", "Training stopped before it was done. Start it again; if it stops again, tell your platform team.", retryable=True
)
_TEXTS = {
    "TRAINING": Failure(
        "TRAINING", "Training stopped before it was done. Start it again; if it stops again, tell your platform team.", True
    ),
    "QUALITY": Failure(
        "QUALITY",
        "The model did not learn the subject: likeness 0.31 after training, 0.34 before. "
        "Pictures that show the subject larger and from more sides help most.",
    ),
    "DEPLOY": Failure("DEPLOY", "The trained model is up but answers without a picture.", True),
    "PIPELINE": Failure("PIPELINE", "The run ended as FAILED before the model was ready: no reason was given", True),
    "DEADLINE": Failure("DEADLINE", "The job was queued for longer than 2:00:00 and was given up. Try it again.", True),
    "DISPATCH": Failure("DISPATCH", "Training could not be started. Try it again; if it fails again, tell your platform team.", True),
}
_FAILED_IN = {
    "TRAINING": _S.TRAINING,
    "QUALITY": _S.EVALUATING,
    "DEPLOY": _S.DEPLOYING,
    "PIPELINE": _S.PROVISIONING,
    "DEADLINE": _S.QUEUED,
    "DISPATCH": _S.UPLOADED,
}
_NAMES = ("Milk bottle", "Harbour vase", "Ramen bowl", "Blue vase", "Desk lamp", "Green bottle", "Espresso cup", "Studio vase")
_PROMPTS = (
    "on a beach at low tide, soft morning light",
    "on a marble shelf, studio light, long shadow",
    "in snow, overcast, close up",
    "at night, lit by one candle",
    "in a florist's window, rain on the glass",
)


def subject(email: str) -> str:
    """As the identity provider names its users, which is how jobs name their owners."""
    return f"accounts.google.com:{email}"


@dataclass(frozen=True)
class Seed:
    """Writes with the stores of `parts`; `url` is where the service takes pictures from designers."""

    parts: Parts
    documents: firestore.Client
    buckets: storage.Client
    sign: Callable[[str], str]
    url: str
    at: datetime = field(default_factory=now)

    def everybody(self, prints: int = 1000) -> dict[str, Any]:
        """The ids of all that was made, by designer and by what it shows."""
        with ThreadPoolExecutor(6) as pool:
            made = {email: pool.submit(self._of[email], self, prints) for email in (EVERYTHING, MANY, LIMITS)}
            return {FIRST: {}, **{email: each.result() for email, each in made.items()}}

    def _everything(self, _: int) -> dict[str, Any]:
        with ThreadPoolExecutor(6) as pool:
            jobs = {name: pool.submit(make) for name, make in self._jobs().items()}
            ids = {name: each.result() for name, each in jobs.items()}
        ids |= self._prints(ids)
        return ids | self._receipts()

    def _jobs(self) -> Mapping[str, Callable[[], str]]:
        sign = self.sign(EVERYTHING)
        return {
            "draft": lambda: self.draft(drafts.empty(self.url, sign), 8),
            "chosen": lambda: self.draft(drafts.chosen(self.url, sign), 25),
            "full": lambda: self.draft(drafts.full(self.url, sign), 40),
            **{str(state): self._on_its_way(state, place) for place, state in enumerate((_S.UPLOADED, *_WAY))},
            "asleep": lambda: self.job("Amber lamp", "lamp", _S.RETIRED, 60 * 50, method=Method.LORA),
            "waking": lambda: self.job("Grandmother's bowl", "bowl", _S.RETIRED, 60 * 74),
            "awake": lambda: self.job("Red cup", "cup", _S.RETIRED, 60 * 90),
            "cancelling": lambda: self.job("Oak stool", "stool", _S.CANCELLING, 70, until=_S.TRAINING),
            "cancelled": lambda: self.job("Paper lamp", "lamp", _S.CANCELLED, 60 * 27, until=_S.PROVISIONING),
            "expired": lambda: self.job("Tea bowls", "bowl", _S.EXPIRED, 60 * 40),
            **{f"failed-{code}": self._failing(code, place) for place, code in enumerate(_TEXTS)},
        }

    def _on_its_way(self, state: State, place: int) -> Callable[[], str]:
        called = ("Milk bottle", "Harbour vase", "Ramen bowl", "Blue vase", "Desk lamp", "Green bottle", "Espresso cup", "Studio vase")[
            place
        ]
        return lambda: self.job(called, called.rpartition(" ")[2], state, 20 + 3 * place if state is not _S.READY else 46)

    def _failing(self, code: str, place: int) -> Callable[[], str]:
        called = ("Copper lamp", "Glass bottle", "Night vase", "Wide bowl", "Tall cup", "Olive bottle")[place]
        until, ago = _FAILED_IN[code], 60 * (30 + 5 * place)
        return lambda: self.job(called, called.rpartition(" ")[2].lower(), _S.FAILED, ago, until=until, failure=_TEXTS[code])

    def draft(self, job_id: str, ago: float) -> str:
        self.parts.jobs.note(job_id, created=self._ago(ago), updated=self._ago(ago - 6))
        return job_id

    def job(self, name: str, class_word: str, state: State, ago: float, **more: Any) -> str:
        """`ago` are minutes; `until` is how far it came before it ended otherwise."""
        owner, until, failure = subject(more.get("email", EVERYTHING)), more.get("until"), more.get("failure")
        method = more.get("method", Method.DREAMBOOTH)
        job = Job(derived("stage", owner, name), owner, name, "sks", class_word, method, consented=self._ago(ago), steps=STEPS)
        self.parts.jobs.create(job, by="upload")
        uploads = self._pictures(job, 6 + len(name) % 4)
        if state is not _S.EXPIRED:
            self.parts.jobs.submit(job.id, lambda *_: uploads, "upload", STEPS, 14)
        for move in _moves(until or state):
            self.parts.jobs.advance(job.id, 1, move, by=_BY.get(move, "pipeline"), **self.fields(job, move, until is None))
        if state not in _moves(state) and state is not _S.UPLOADED:
            self._end(job.id, state, failure)
        self._aged(job.id, ago, state)
        return job.id

    def _end(self, job_id: str, state: State, failure: Failure | None) -> None:
        if state is _S.CANCELLED:
            self.parts.jobs.advance(job_id, 1, _S.CANCELLING, by="upload")
        self.parts.jobs.advance(job_id, 1, state, by=_BY.get(state, "pipeline"), **({"failure": failure} if failure else {}))

    def fields(self, job: Job, state: State, whole: bool = True) -> dict[str, Any]:
        run = f"gs://{self.parts.models.name}/{names.run_prefix(job.id, job.attempt)}"
        if state is _S.TRAINING:
            return {"progress": self.progress(job, 5 if whole else 3)}
        if state is _S.EVALUATING:
            self.parts.models.write(f"{names.run_prefix(job.id, job.attempt)}before.png", painter.before(job.class_word), "image/png")
            self.parts.models.write(f"{names.run_prefix(job.id, job.attempt)}after.png", painter.sample(job.class_word, 8), "image/png")
            return {"progress": replace(self.progress(job, 8), stage="done", eta_seconds=0.0)}
        if state is _S.READY:
            self._weights(job)
            model = f"projects/stage/locations/europe-west4/models/{names.model(job.id, job.attempt)}@1"
            return {"result": Result(model, BASE_MODEL, "endpoint", f"{run}before.png", f"{run}after.png", 0.31, 0.84)}
        return {}

    def progress(self, job: Job, eighths: int) -> Progress:
        """As a trainer reports it, with its samples where they belong."""
        steps = list(range(8, eighths * 100 + 1, 8))
        samples = []
        for number in range(1, eighths + 1):
            name = f"{names.run_prefix(job.id, job.attempt)}samples/step-{number * 100:06d}.png"
            self.parts.models.write(name, painter.sample(job.class_word, number), "image/png")
            samples.append(f"gs://{self.parts.models.name}/{name}")
        losses = tuple(painter.loss(step, STEPS) for step in steps)
        remaining = (STEPS - eighths * 100) * 1.4
        return Progress(
            stage="training",
            step=eighths * 100,
            total=STEPS,
            loss=losses[-1],
            eta_seconds=remaining,
            loss_steps=tuple(steps),
            losses=losses,
            samples=tuple(samples),
        )

    def objects(self, bucket: str, prefix: str) -> list[str]:
        return [blob.name for blob in self.buckets.list_blobs(bucket, prefix=prefix)]

    def _pictures(self, job: Job, count: int) -> list[str]:
        """As if they had been sent, without the seconds that decoding takes."""
        self.parts.jobs.advance(job.id, 1, _S.UPLOADING, by="upload")
        pngs = [painter.shot(job.class_word, number) for number in range(count)]
        uploads = [_upload(job, number, png) for number, png in enumerate(pngs)]
        self.parts.uploads.register(uploads)
        for upload, png in zip(uploads, pngs, strict=True):
            self.parts.pictures.keep(names.clean(job.id, upload.id), png, "image/png")
            self.parts.uploads.settle(upload, UploadState.VERIFIED, width=1600, height=1200)
        return [upload.id for upload in uploads]

    def _weights(self, job: Job) -> None:
        run = names.run_prefix(job.id, job.attempt)
        for name in ("model/unet/diffusion_pytorch_model.safetensors", "model/text_encoder/model.safetensors", "model/model_index.json"):
            self.parts.models.write(f"{run}{name}", secrets.token_bytes(1000 * len(name)), "application/octet-stream")
        for name in FORMATS if job.method is Method.LORA else ():
            self.parts.models.write(f"{run}{name}", secrets.token_bytes(13_300), "application/octet-stream")
        figures = b'{"loss_first": 0.31, "loss_last": 0.118, "likeness_before": 0.31, "likeness_after": 0.84, "steps": 800, "seconds": 868}'
        self.parts.models.write(f"{run}metrics.json", figures, "application/json")

    def _prints(self, ids: Mapping[str, str]) -> dict[str, Any]:
        ready, others = ids["ready"], {}
        for job_id, number in ((ids["asleep"], 3), (ids["awake"], 2), (ids["waking"], 1)):
            self.generations(self.parts.jobs.get(job_id), number, 60 * 20)
        made = self.generations(self.parts.jobs.get(ready), 6, 4)
        self.parts.generations.like(made[1], 0, True)
        self.parts.generations.like(made[2], 2, True)
        others["blocked"] = self._generation(ready, 3, GenerationState.DONE, blocked=2)
        others["drawing"] = self._generation(ready, 2, GenerationState.DRAWING)
        others["undrawn"] = self._generation(ready, 1, GenerationState.FAILED)
        jobs = self.parts.jobs
        jobs.note(ready, deadline=self.at + timedelta(minutes=94))
        self.parts.deployments.wake(jobs.get(ids["waking"]))
        woken = self.parts.deployments.wake(jobs.get(ids["awake"]))
        self.parts.deployments.awake(woken, timedelta(minutes=38))
        self._write("deployments", ids["waking"], since=self._ago(2))
        self._write("deployments", ids["awake"], since=self._ago(22), deadline=self.at + timedelta(minutes=38))
        return {"generations": made, **others}

    def generations(self, job: Job, count: int, every: float) -> list[str]:
        """Each with four prints, newest first in time and last in the list."""
        made = [self._made(job, number, self._ago(10 + every * (count - number))) for number in range(count)]
        for start in range(0, count, 400):
            batch = self.documents.batch()
            for each in made[start : start + 400]:
                batch.set(self.documents.collection("generations").document(each.id), wire(each))
            batch.commit()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda each: self._drawn(job, each), made))
        return [each.id for each in made]

    def _made(self, job: Job, number: int, at: datetime) -> Generation:
        generation_id = derived("generation", job.id, number)
        uris = tuple(f"gs://{self.parts.models.name}/{names.generation(job.id, generation_id, place)}" for place in range(4))
        prompt = f"{names.prompt('sks', job.class_word)} {_PROMPTS[number % len(_PROMPTS)]}"
        return Generation(generation_id, job.id, job.owner, prompt, "", number * 4, 30, 7.5, 4, pictures=uris, created=at, updated=at)

    def _drawn(self, job: Job, made: Generation) -> None:
        for number in range(made.count):
            self._draw(job, made, number)

    def _draw(self, job: Job, made: Generation, number: int) -> None:
        png = painter.shot(job.class_word, PRINTS + (made.seed + number) % 40)
        self.parts.models.write(names.generation(job.id, made.id, number), png, "image/png")

    def _generation(self, job_id: str, ago: float, state: GenerationState, blocked: int | None = None) -> str:
        job = self.parts.jobs.get(job_id)
        wanted = replace(self._made(job, 30 + int(ago), self._ago(ago)), pictures=())
        wanted = self.parts.generations.open(wanted)
        if state is GenerationState.FAILED:
            text = "The model could not draw this in time. Ask again."
            self.parts.generations.fail(wanted.id, Failure("NOT_DRAWN", text, retryable=True))
            return wanted.id
        self.parts.generations.begin(wanted.id)
        for number in range(4 if state is GenerationState.DONE else 1):
            name = names.generation(job_id, wanted.id, number)
            self._draw(job, wanted, number)
            self.parts.generations.drew(wanted.id, number, "" if number == blocked else f"gs://{self.parts.models.name}/{name}")
        return wanted.id

    def _receipts(self) -> dict[str, str]:
        return {"receipt-due": self._receipt("Torn lampshade", done=False), "receipt-done": self._receipt("Old kettle", done=True)}

    def _receipt(self, name: str, done: bool) -> str:
        job_id = self.job(name, "lamp", _S.FAILED, 60 * 100, until=_S.TRAINING, failure=_TEXTS["TRAINING"])
        erasure = Erasure(derived("receipt", job_id), job_id, subject(EVERYTHING), Scope.JOB)
        self.parts.jobs.erase(erasure, by="upload")
        gone = [f"gs://{self.parts.pictures.name}/{names.clean(job_id, each.id)}" for each in self.parts.uploads.of_job(job_id)]
        self.parts.erasures.note(erasure.id, gone[: None if done else 3])
        if done:
            gone = [f"firestore:jobs/{job_id}", f"gs://{self.parts.models.name}/{names.run_prefix(job_id, 1)}samples/step-000100.png"]
            kept = ["Cloud Storage keeps deleted objects for 7 days, where nobody but an operator can bring them back."]
            self.parts.erasures.note(erasure.id, gone, kept)
            self.parts.erasures.finish(erasure.id)
        self._write("erasures", erasure.id, asked=self._ago(9), done=self._ago(6) if done else None)
        return erasure.id

    def _many(self, prints: int) -> dict[str, Any]:
        job_id = self.job("Studio vase", "vase", _S.READY, 60 * 24, email=MANY)
        made = self.generations(self.parts.jobs.get(job_id), prints // 4, 3)
        for each in made[::9]:
            self.parts.generations.like(each, 1, True)
        return {"ready": job_id, "generations": made[-3:]}

    def _limits(self, _: int) -> dict[str, Any]:
        """Nearly all of her day is used."""
        job_id = self.job("Blue vase", "vase", _S.READY, 200, email=LIMITS)
        batch = self.documents.batch()
        self.parts.usages.spend(batch, subject(LIMITS), lambda _: None, pictures=483, bytes=4_100_000_000, gpu_minutes=690)
        batch.commit()
        return {"ready": job_id}

    def _write(self, collection: str, name: str, **times: datetime | None) -> None:
        """What the stores would write at another hour."""
        self.documents.collection(collection).document(name).update(times)

    def _aged(self, job_id: str, ago: float, state: State) -> None:
        """As if it had begun that many minutes ago."""
        events = sorted(self.documents.collection("jobs").document(job_id).collection("events").stream(), key=lambda each: each.get("at"))
        at = self._ago(ago)
        times: dict[State, datetime] = {}
        for event in events:
            here = State(event.get("state"))
            at += timedelta(minutes=_TOOK.get(here, 1), seconds=11 * len(times))
            times[here] = min(at, self.at)
            event.reference.update({"at": times[here]})
        changes = {"created": self._ago(ago), "updated": times[state], "submitted": times.get(_S.UPLOADED)}
        over = next((times[each] for each in (_S.READY, _S.FAILED, _S.CANCELLED, _S.EXPIRED) if each in times), None)
        self.parts.jobs.note(job_id, **changes, **({"finished": over} if over else {}))

    def _ago(self, minutes: float) -> datetime:
        return self.at - timedelta(minutes=minutes)

    _of = {EVERYTHING: _everything, MANY: _many, LIMITS: _limits}  # noqa: RUF012 - a table of methods


def _moves(state: State) -> Sequence[State]:
    if state is _S.RETIRED:
        return (*_WAY, _S.RETIRED)
    return _WAY[: _WAY.index(state) + 1] if state in _WAY else ()


def _upload(job: Job, number: int, png: bytes) -> Upload:
    name, checksum, size = f"IMG_{2201 + number}.jpg", crc32c(png), len(png) * 9
    return Upload(derived("upload", job.id, number), job.id, job.owner, name, "image/jpeg", size, checksum, created=_apart(number))


def _apart(number: int) -> datetime:
    """Pictures are listed by when they came."""
    return now() + timedelta(milliseconds=number)
