"""The Google clients of the functions, made once per instance."""

from functools import cached_property

from google.api_core import retry
from google.cloud import aiplatform_v1 as vertex
from google.cloud import firestore, pubsub_v1, storage

from jobs.intake import Gate
from jobs.settings import TriggerSettings
from jobs.store import Deliveries, Deployments, Erasures, Generations, Jobs, Uploads, Webhooks

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
    def documents(self) -> firestore.Client:
        return firestore.Client(project=self.settings.project, database=self.settings.database)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.documents)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self.documents)

    @cached_property
    def generations(self) -> Generations:
        return Generations(self.documents)

    @cached_property
    def deployments(self) -> Deployments:
        return Deployments(self.documents)

    @cached_property
    def erasures(self) -> Erasures:
        return Erasures(self.documents)

    @cached_property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.documents)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.documents)

    @cached_property
    def gate(self) -> Gate:
        return Gate(self.documents)

    @cached_property
    def objects(self) -> storage.Client:
        return storage.Client(project=self.settings.project)

    @cached_property
    def uploads_bucket(self) -> storage.Bucket:
        return self.objects.bucket(self.settings.uploads_bucket)

    @cached_property
    def models_bucket(self) -> storage.Bucket:
        return self.objects.bucket(self.settings.models_bucket)

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
    def models(self) -> vertex.ModelServiceClient:
        return vertex.ModelServiceClient(client_options=self._regional)

    @cached_property
    def publisher(self) -> pubsub_v1.PublisherClient:
        return pubsub_v1.PublisherClient()

    @cached_property
    def subscriber(self) -> pubsub_v1.SubscriberClient:
        return pubsub_v1.SubscriberClient()

    def template(self) -> str:
        """The compiled pipeline; its name holds its content's hash, so it never changes under a running instance."""
        blob = storage.Blob.from_string(self.settings.pipeline_template, client=self.objects)
        return str(blob.download_as_text(timeout=TIMEOUT_S))

    @property
    def _regional(self) -> dict[str, str]:
        return {"api_endpoint": f"{self.settings.region}-aiplatform.googleapis.com"}
