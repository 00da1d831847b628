from datetime import UTC, datetime, timedelta

import pytest
from google.cloud import firestore

from jobs import webhooks
from jobs.account import Webhook
from jobs.documents import Failure, Job, now
from jobs.job import State
from jobs.store import Deliveries
from jobs.webhooks import NotCallable, addresses, signature
from tests.upload.conftest import Service

ADA = "accounts.google.com:ada@example.com"


def put(service: Service, url: str) -> tuple[int, str]:
    answer = service.call("PUT", "/v1/me/webhook", json={"url": url})
    return answer.status_code, answer.json.get("code", "")


def test_an_address_is_put_read_and_taken_away(service: Service) -> None:
    made = service.call("PUT", "/v1/me/webhook", json={"url": "https://1.1.1.1/hook"})

    read = service.call("GET", "/v1/me/webhook")
    gone = service.call("DELETE", "/v1/me/webhook")

    assert made.status_code == 200
    assert made.json["secret"].startswith("whsec_")
    assert (read.json["url"], read.json["secret"]) == ("https://1.1.1.1/hook", None)
    assert (gone.status_code, service.call("GET", "/v1/me/webhook").status_code) == (204, 404)
    assert service.call("DELETE", "/v1/me/webhook").status_code == 204


def test_the_secret_is_logged_nowhere(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    secret = service.call("PUT", "/v1/me/webhook", json={"url": "https://1.1.1.1/hook"}).json["secret"]

    assert secret not in capsys.readouterr().out
    assert secret not in repr(service.parts.webhooks.of(ADA))


def test_each_put_makes_a_new_secret(service: Service) -> None:
    first, second = (service.call("PUT", "/v1/me/webhook", json={"url": "https://1.1.1.1/"}).json["secret"] for _ in range(2))

    assert first != second


def test_an_address_is_its_owners(service: Service) -> None:
    put(service, "https://1.1.1.1/hook")

    assert service.call("GET", "/v1/me/webhook", as_="eve@example.com").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://1.1.1.1/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.8/",
        "https://192.168.1.1/",
        "https://169.254.169.254/computeMetadata/v1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://2130706433/",
        "https://user:secret@1.1.1.1/",
        "https://1.1.1.1/#part",
        "https://1.1.1.1:99999/",
        "https://no-such-host.invalid/",
        "https:///nowhere",
    ],
)
def test_an_address_that_must_not_be_called_is_refused(service: Service, url: str) -> None:
    assert put(service, url) == (422, "WEBHOOK_REFUSED")
    assert service.parts.webhooks.of(ADA) is None


def test_another_scheme_is_no_address_at_all(service: Service) -> None:
    assert put(service, "file:///etc/passwd") == (422, "VALIDATION")


def test_a_stack_on_one_machine_may_call_itself_and_nothing_else_that_is_private() -> None:
    assert addresses("http://127.0.0.1:8080/hook", private=True) == ["127.0.0.1"]
    with pytest.raises(NotCallable):
        addresses("http://10.0.0.8/", private=True)


def test_a_message_is_signed_as_the_standard_says() -> None:
    # the example of the specification's reference libraries
    secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    at = datetime.fromtimestamp(1614265330, UTC)

    assert signature(secret, message_id, at, b'{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_long_and_never_the_same() -> None:
    assert len({webhooks.new_secret() for _ in range(100)}) == 100


def done(service: Service, state: State = State.READY) -> Job:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    failure = Failure("X", "It broke.", True) if state is State.FAILED else None
    return service.parts.jobs.advance(job_id, 1, state, by="test", failure=failure)


@pytest.fixture
def deliveries(service: Service) -> Deliveries:
    return Deliveries(service.documents)


@pytest.mark.parametrize("state", [State.READY, State.FAILED])
def test_a_job_that_ends_owes_its_owner_one_message(service: Service, deliveries: Deliveries, state: State) -> None:
    service.parts.webhooks.put(Webhook(ADA, "https://1.1.1.1/", "whsec_x"))

    job = done(service, state)
    service.parts.jobs.advance(job.id, 1, state, by="again")

    (delivery,) = deliveries.due()
    assert (delivery.id, delivery.event, delivery.at) == (f"{job.id}-a1-{state}", f"job.{state}", job.updated)
    assert (delivery.job_id, delivery.owner, delivery.tries) == (job.id, ADA, 0)


def test_who_wants_no_message_is_owed_none(service: Service, deliveries: Deliveries) -> None:
    done(service)

    assert deliveries.due() == []


def test_a_message_that_was_taken_is_owed_no_more(service: Service, deliveries: Deliveries) -> None:
    service.parts.webhooks.put(Webhook(ADA, "https://1.1.1.1/", "whsec_x"))
    done(service)

    deliveries.taken(deliveries.due()[0], "204")

    assert deliveries.due(now() + timedelta(days=7)) == []


def test_a_message_is_tried_six_times_at_growing_distances(service: Service, deliveries: Deliveries) -> None:
    service.parts.webhooks.put(Webhook(ADA, "https://1.1.1.1/", "whsec_x"))
    done(service)
    (delivery,) = deliveries.due()
    waits = []

    while delivery.due:
        at, delivery = now(), deliveries.failed(delivery, "connection refused")
        waits.append(round((delivery.due - at).total_seconds() / 60) if delivery.due else None)

    assert waits == [1, 5, 30, 120, 480, None]
    assert deliveries.due(now() + timedelta(days=7)) == []


def test_two_sweeps_that_try_at_once_count_one_try(service: Service, deliveries: Deliveries) -> None:
    service.parts.webhooks.put(Webhook(ADA, "https://1.1.1.1/", "whsec_x"))
    done(service)
    (delivery,) = deliveries.due()

    deliveries.failed(delivery, "once")
    again = deliveries.failed(delivery, "twice")

    assert (again.tries, again.outcome) == (1, "once")


def test_a_message_that_has_expired_is_no_trouble(service: Service, deliveries: Deliveries) -> None:
    service.parts.webhooks.put(Webhook(ADA, "https://1.1.1.1/", "whsec_x"))
    done(service)
    (delivery,) = deliveries.due()
    _forget(service.documents, delivery.id)

    deliveries.taken(delivery, "204")

    assert deliveries.due() == []


def _forget(documents: firestore.Client, delivery_id: str) -> None:
    documents.collection("deliveries").document(delivery_id).delete()
