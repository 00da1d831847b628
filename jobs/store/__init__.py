"""What Firestore keeps.

No transactions: a move is read, decided in Python, and written in one batch whose update holds only for the version that was read.
Whoever loses that race reads again and finds the move made.
"""

from jobs.store.deployments import Deployments
from jobs.store.erasures import Erasures
from jobs.store.errors import Contended, UnknownJob, UnknownUpload
from jobs.store.generations import Generations
from jobs.store.jobs import Jobs
from jobs.store.models import Models
from jobs.store.requests import Requests
from jobs.store.uploads import Uploads
from jobs.store.usages import Usages
from jobs.store.webhooks import Deliveries, Webhooks

__all__ = [
    "Contended",
    "Deliveries",
    "Deployments",
    "Erasures",
    "Generations",
    "Jobs",
    "Models",
    "Requests",
    "UnknownJob",
    "UnknownUpload",
    "Uploads",
    "Usages",
    "Webhooks",
]
