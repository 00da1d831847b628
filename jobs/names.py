"""Every name that two parts must agree on: a pure function of the job and its attempt, so that a redelivery meets what it made before."""

import hashlib

from jobs.methods import Method

# the access table narrows grants to these
RUNS, CLEAN, GENERATIONS = "runs/", "clean/", "generations/"


def raw(job_id: str, upload_id: str) -> str:
    return f"raw/{job_id}/{upload_id}"


def clean(job_id: str, upload_id: str) -> str:
    """The re-encoded picture without metadata: all that the trainer ever sees."""
    return f"{clean_prefix(job_id)}{clean_name(upload_id)}"


def clean_name(upload_id: str) -> str:
    return f"{upload_id}.png"


def clean_prefix(job_id: str) -> str:
    return f"{CLEAN}{job_id}/"


def run_prefix(job_id: str, attempt: int) -> str:
    return f"{RUNS}{job_id}/a{attempt}/"


def class_prefix(job_id: str) -> str:
    """Of pictures of the plain class, which serve every attempt."""
    return f"{RUNS}{job_id}/class/"


def generation(job_id: str, generation_id: str, number: int) -> str:
    return f"{GENERATIONS}{job_id}/{generation_id}-{number}.png"


def pipeline(job_id: str, attempt: int) -> str:
    return f"sdfd-{job_id}-a{attempt}"


def model(job_id: str, attempt: int) -> str:
    return f"sdfd-{job_id}-a{attempt}"


def endpoint(job_id: str) -> str:
    return f"sdfd-{job_id}"


def deployed_model(attempt: int) -> str:
    """Vertex AI takes 1 to 10 digits."""
    return str(attempt)


def upload_document(job_id: str, upload_id: str) -> str:
    return f"{job_id}__{upload_id}"


def outbox(job_id: str, attempt: int) -> str:
    return f"{job_id}-a{attempt}"


def delivery(job_id: str, attempt: int, state: str) -> str:
    return f"{job_id}-a{attempt}-{state}"


def owner(subject: str) -> str:
    """A document's name for what is kept of a person, which must not show who it is."""
    return hashlib.sha256(subject.encode()).hexdigest()[:40]


def usage(subject: str, day: str) -> str:
    return f"{owner(subject)}-{day}"


def labels(stack: str, job_id: str, attempt: int, method: Method) -> dict[str, str]:
    """On everything of Vertex AI that costs money: a resource whose job does not allow it is swept."""
    return {**stack_labels(stack), "job": job_id, "attempt": str(attempt), "method": str(method)}


def stack_labels(stack: str) -> dict[str, str]:
    """Of them, those by which whatever a stack's jobs made is found."""
    return {"app": "sd-for-designers", "stack": stack}


def prompt(subject: str, class_word: str) -> str:
    """What the model learns to answer to; "a [rare word] [class]" as in DreamBooth, arXiv 2208.12242, section 3.1."""
    return f"a photo of a {subject} {class_word}"


def class_prompt(class_word: str) -> str:
    return f"a photo of a {class_word}"
