"""Uploads: one document for each picture."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs import names
from jobs.documents import Job, Upload, changed, now, wire
from jobs.job import OPEN_FOR_PICTURES, UPLOAD_LIFE, NotAllowed, State, UploadState
from jobs.log import log
from jobs.store.errors import Contended, UnknownJob, UnknownUpload
from jobs.store.limits import RACES, TIMEOUT_S
from jobs.store.moves import LOST, Moves
from jobs.store.usages import Check, Usages, unchecked

# the most values that Firestore takes in one `in`
_AT_ONCE = 30
# jobs whose pictures are remembered, a few kilobytes each, and for how long
_REMEMBERED, _FRESH_S = 1000, 60.0
_LONG_AGO = float("-inf")


class Uploads:
    """Which pictures a job has changes only in one commit with its job, so that nobody submits a count that is no longer true."""

    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._jobs = client.collection("jobs")
        self._uploads = client.collection("uploads")
        self._moves = Moves(client)
        self._usages = Usages(client)
        self._submitted: dict[str, tuple[float, list[Upload]]] = {}

    def register(self, uploads: Iterable[Upload], check: Check = unchecked) -> list[Upload]:
        """All of one job. One that is there already is answered as it stands; the new ones are put on the owner's day, all or none.

        Raises UnknownJob, NotAllowed, Contended, and what `check` raises.
        """
        wanted = {upload.id: upload for upload in uploads}
        for _ in range(RACES):
            there = self._there(wanted)
            new = [upload for upload in wanted.values() if upload.id not in there]
            if not new or self._create(new, check):
                return [there.get(upload.id, upload) for upload in wanted.values()]
        raise Contended("pictures of this job are announced by too many at once; try again")

    def _there(self, wanted: Mapping[str, Upload]) -> dict[str, Upload]:
        references = [self._document(upload.job_id, upload.id) for upload in wanted.values()]
        found = [Upload.read(each.to_dict()) for each in self._client.get_all(references, timeout=TIMEOUT_S) if each.exists]
        return {upload.id: upload for upload in found}

    def _create(self, new: list[Upload], check: Check) -> bool:
        batch = self._client.batch()
        self._hold(batch, new[0].job_id)
        for upload in new:
            batch.create(self._document(upload.job_id, upload.id), wire(upload))
        self._usages.spend(batch, new[0].owner, check, pictures=len(new), bytes=sum(upload.size for upload in new))
        try:
            batch.commit(timeout=TIMEOUT_S)
        except LOST:
            return False
        for upload in new:
            log("upload registered", job_id=upload.job_id, uploadId=upload.id, size=upload.size)
        return True

    def _hold(self, batch: Any, job_id: str) -> None:
        """The commit then holds only for a job that takes pictures, and whoever counts them meanwhile counts anew."""
        job, version = self._moves.read(job_id)
        if job.erased:
            raise UnknownJob(job_id)
        if job.state not in OPEN_FOR_PICTURES:
            raise NotAllowed(job_id, job.state, State.UPLOADING)
        option = self._client.write_option(last_update_time=version)
        batch.update(self._jobs.document(job_id), changed(updated=now()), option=option)

    def get(self, job_id: str, upload_id: str) -> Upload:
        """Raises UnknownUpload."""
        return self.read(job_id, upload_id)[0]

    def read(self, job_id: str, upload_id: str) -> tuple[Upload, Any]:
        """With its version, which `settle` takes. Raises UnknownUpload."""
        found = self._document(job_id, upload_id).get(timeout=TIMEOUT_S)
        if not found.exists:
            raise UnknownUpload(job_id, upload_id)
        return Upload.read(found.to_dict()), found.update_time

    def with_job(self, job_id: str, upload_id: str) -> tuple[Job, Upload | None, Any]:
        """Both in one round trip, and the upload's version. Raises UnknownJob."""
        references = [self._jobs.document(job_id), self._document(job_id, upload_id)]
        found = {each.reference.parent.id: each for each in self._client.get_all(references, timeout=TIMEOUT_S) if each.exists}
        if self._jobs.id not in found:
            raise UnknownJob(job_id)
        job, upload = Job.read(found[self._jobs.id].to_dict()), found.get(self._uploads.id)
        return job, Upload.read(upload.to_dict()) if upload else None, upload and upload.update_time

    def of_job(self, job_id: str) -> list[Upload]:
        """Oldest first."""
        query = self._uploads.where(filter=FieldFilter("jobId", "==", job_id)).order_by("created")
        return [Upload.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]

    def of(self, job: Job) -> list[Upload]:
        """As `of_job`. Those of a submitted job change no more, so that they are read once; that time has deleted them is told late."""
        if not job.submitted or job.erased:
            return self.of_job(job.id)
        at, uploads = self._submitted.get(job.id, (_LONG_AGO, []))
        if time.monotonic() - at > _FRESH_S:
            at, uploads = time.monotonic(), self.of_job(job.id)
            if len(self._submitted) >= _REMEMBERED:
                self._submitted.clear()
            self._submitted[job.id] = at, uploads
        return uploads

    def of_jobs(self, job_ids: Sequence[str]) -> dict[str, list[Upload]]:
        """Of each of them, oldest first; in one query for as many jobs as one may name."""
        found: dict[str, list[Upload]] = {job_id: [] for job_id in job_ids}
        for start in range(0, len(job_ids), _AT_ONCE):
            query = self._uploads.where(filter=FieldFilter("jobId", "in", list(job_ids[start : start + _AT_ONCE])))
            for each in query.stream(timeout=TIMEOUT_S):
                upload = Upload.read(each.to_dict())
                found[upload.job_id].append(upload)
        return {job_id: sorted(uploads, key=lambda upload: upload.created) for job_id, uploads in found.items()}

    def describe(self, upload: Upload, caption: str) -> Upload:
        """Raises UnknownJob, UnknownUpload, NotAllowed and Contended."""
        for _ in range(RACES):
            described = replace(self.get(upload.job_id, upload.id), caption=caption, updated=now())
            batch = self._client.batch()
            self._hold(batch, upload.job_id)
            batch.update(self._document(upload.job_id, upload.id), changed(caption=caption, updated=described.updated))
            try:
                batch.commit(timeout=TIMEOUT_S)
            except LOST:
                continue
            return described
        raise Contended(f"job {upload.job_id} is being written by too many at once; try again")

    def settle(self, upload: Upload, state: UploadState, version: Any = None, **changes: Any) -> Upload:
        """The end of an upload's way. What has been settled by someone else meanwhile is answered as it stands. `version` is that
        of `upload`, where it was read just now.

        Raises UnknownUpload, Contended, and of a picture that is to be left out NotAllowed.
        """
        for _ in range(RACES):
            if version is None:
                upload, version = self.read(upload.job_id, upload.id)
            if state not in UPLOAD_LIFE[upload.state]:
                return upload
            fields = {"state": state, "updated": now(), **changes}
            batch = self._client.batch()
            option = self._client.write_option(last_update_time=version)
            batch.update(self._document(upload.job_id, upload.id), changed(**fields), option=option)
            if state is UploadState.REMOVED:
                self._hold(batch, upload.job_id)
            try:
                batch.commit(timeout=TIMEOUT_S)
            except LOST:
                version = None
                continue
            settled = replace(upload, **fields)
            reason = settled.failure.code if settled.failure else ""
            log("upload settled", job_id=upload.job_id, uploadId=upload.id, state=state, reason=reason)
            return settled
        raise Contended(f"upload {upload.id} of job {upload.job_id} is being written by too many at once; try again")

    def _document(self, job_id: str, upload_id: str) -> Any:
        return self._uploads.document(names.upload_document(job_id, upload_id))
