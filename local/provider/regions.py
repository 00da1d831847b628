"""Where Google's services are, from the lists of locations that it publishes for each. A region that has opened since belongs here."""

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum

from local.provider.refusals import Refusal

AS_OF = "the end of 2025"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REGIONS = _words(
    """
    africa-south1
    asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-south2 asia-southeast1 asia-southeast2
    australia-southeast1 australia-southeast2
    europe-central2 europe-north1 europe-north2 europe-southwest1
    europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9 europe-west10 europe-west12
    me-central1 me-central2 me-west1
    northamerica-northeast1 northamerica-northeast2 northamerica-south1
    southamerica-east1 southamerica-west1
    us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4
    """
)


class Service(StrEnum):
    RUN = "Cloud Run"
    FUNCTIONS = "Cloud Functions"
    STORAGE = "Cloud Storage"
    FIRESTORE = "Firestore"
    ARTIFACTS = "Artifact Registry"
    SCHEDULER = "Cloud Scheduler"
    KEYS = "Cloud KMS"
    PUBSUB = "Pub/Sub"
    SECRETS = "Secret Manager"
    COMPUTE = "Compute Engine"


DUAL = _words("asia1 eur4 eur5 eur7 eur8 nam4")
MULTI = _words("asia eu us")

# Besides the regions; keys live in more places than anything that they encrypt.
_MORE: Mapping[Service, frozenset[str]] = {
    Service.STORAGE: DUAL | MULTI,
    Service.FIRESTORE: _words("eur3 nam5 nam7"),
    Service.ARTIFACTS: _words("asia europe us"),
    Service.KEYS: _words(
        """
        asia asia1 ca eur3 eur4 eur5 eur6 europe global in us
        nam-eur-asia1 nam3 nam4 nam6 nam7 nam8 nam9 nam10 nam11 nam12 nam13
        """
    ),
}


def locations(service: Service) -> frozenset[str]:
    return REGIONS | _MORE.get(service, frozenset())


def location(service: Service) -> Refusal:
    known = locations(service)
    upper = service is Service.STORAGE

    def refuse(value: str) -> str:
        if (value.lower() if upper else value) in known:
            return ""
        near = get_close_matches(value.lower(), sorted(known), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"must be a location of {service} (list of {AS_OF}); {value!r} is not{hint}"

    refuse.__doc__ = f"a location of {service}"
    return refuse
