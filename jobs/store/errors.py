"""Why a document is not as it was asked for."""


class UnknownJob(Exception):
    def __init__(self, job_id: str) -> None:
        super().__init__(f"there is no job {job_id}")


class UnknownUpload(Exception):
    def __init__(self, job_id: str, upload_id: str) -> None:
        super().__init__(f"job {job_id} has no upload {upload_id}")


class Contended(Exception):
    """Too many writers at once; nothing was written, and the call may be repeated."""
