"""The Google clients of the functions, made once per instance."""

from functools import cached_property

from google.api_core import retry
from google.cloud import aiplatform_v1 as vertex
from google.cloud import firestore, pubsub_v1, storage

from jobs.intake import Gate
from jobs.settings import TriggerSettings
from jobs.store import Jobs

TIMEOUT_S = 20.0
RETRY = retry.Retry(predicate=retry.if_transient_error, timeout=30.0)


class Clients:
    # a pull of an empty subscription waits for a message until its deadline
    patience_s = 3.0

    def __init__(self, settings: TriggerSettings) -> None:
        self.settings = settings

    @property
    def parent(self) -> str:
        return f"projects/{self.settings.project}/locations/{self.settings.region}"

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self._documents)

    @cached_property
    def gate(self) -> Gate:
        return Gate(self._documents)

    @cached_property
    def pipelines(self) -> vertex.PipelineServiceClient:
        return vertex.PipelineServiceClient(client_options=self._regional)

    @cached_property
    def training(self) -> vertex.JobServiceClient:
        return vertex.JobServiceClient(client_options=self._regional)

    @cached_property
    def endpoints(self) -> vertex.EndpointServiceClient:
        return vertex.EndpointServiceClient(client_options=self._regional)

    @cached_property
    def publisher(self) -> pubsub_v1.PublisherClient:
        return pubsub_v1.PublisherClient()

    @cached_property
    def subscriber(self) -> pubsub_v1.SubscriberClient:
        return pubsub_v1.SubscriberClient()

    def template(self) -> str:
        """The compiled pipeline; its name holds its content's hash, so it never changes under a running instance."""
        blob = storage.Blob.from_string(self.settings.pipeline_template, client=storage.Client(project=self.settings.project))
        return str(blob.download_as_text(timeout=TIMEOUT_S))

    @cached_property
    def _documents(self) -> firestore.Client:
        return firestore.Client(project=self.settings.project, database=self.settings.database)

    @property
    def _regional(self) -> dict[str, str]:
        return {"api_endpoint": f"{self.settings.region}-aiplatform.googleapis.com"}
