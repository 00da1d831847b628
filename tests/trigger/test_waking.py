"""Models that designers wake and put to sleep, on a Vertex AI that serves them."""

from datetime import timedelta

from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.documents import Job, now
from jobs.intake import Intake, Keeper
from jobs.job import State
from jobs.library import Deployment, DeploymentState
from services.trigger.sweep import sweep
from tests.trigger.conftest import LocalClients, until


def state_of(clients: LocalClients, job: Job) -> DeploymentState:
    found = clients.deployments.get(job.id)
    assert found is not None
    return found.state


def woken(clients: LocalClients, job: Job) -> Deployment:
    """Awake, after as many sweeps as that takes."""
    clients.deployments.wake(job)
    assert until(lambda: bool(sweep(clients)) and state_of(clients, job) is DeploymentState.AWAKE)
    found = clients.deployments.get(job.id)
    assert found is not None
    return found


def test_a_model_that_is_woken_is_deployed_and_may_idle_from_then_on(clients: LocalClients, retired: Job) -> None:
    before = now()

    deployment = woken(clients, retired)

    assert clients.deployed(retired) == ["1"]
    assert deployment.deadline is not None
    assert timedelta(hours=2) <= deployment.deadline - before < timedelta(hours=2, minutes=2)
    assert deployment.latest is not None
    assert deployment.latest - before < timedelta(hours=8, minutes=2)


def test_it_is_deployed_as_serving_and_carries_the_labels_by_which_it_is_found(clients: LocalClients, retired: Job) -> None:
    woken(clients, retired)

    endpoint = clients.endpoints.get_endpoint(name=f"{clients.parent}/endpoints/{names.endpoint(retired.id)}")
    (deployed,) = endpoint.deployed_models
    assert names.labels("test", retired.id, 1, retired.method).items() <= dict(endpoint.labels).items()
    assert deployed.service_account == clients.settings.serving_account
    assert deployed.dedicated_resources.machine_spec.machine_type == clients.settings.serving_machine


def test_two_sweeps_at_once_deploy_it_once(clients: LocalClients, retired: Job) -> None:
    clients.deployments.wake(retired)

    sweep(clients)
    sweep(clients)
    woken(clients, retired)

    assert clients.deployed(retired) == ["1"]


def test_an_endpoint_that_is_awake_is_not_let_go_though_its_job_is_over(clients: LocalClients, retired: Job) -> None:
    woken(clients, retired)
    clients.jobs.note(retired.id, updated=now() - timedelta(hours=3))

    done = sweep(clients)

    assert done["letGo"] == 0
    assert clients.deployed(retired) == ["1"]


def test_one_that_nobody_uses_falls_asleep(clients: LocalClients, retired: Job) -> None:
    woken(clients, retired)
    clients.documents.collection("deployments").document(retired.id).update({"deadline": now() - timedelta(seconds=1)})

    done = sweep(clients)

    assert done["slept"] == 2  # its time was over, then it was let go
    assert state_of(clients, retired) is DeploymentState.ASLEEP
    assert names.endpoint(retired.id) not in clients.endpoint_ids()


def test_one_that_its_designer_puts_to_sleep_is_let_go(clients: LocalClients, retired: Job) -> None:
    woken(clients, retired)
    clients.deployments.sleep(retired.id)

    sweep(clients)

    assert state_of(clients, retired) is DeploymentState.ASLEEP
    assert names.endpoint(retired.id) not in clients.endpoint_ids()


def test_one_that_slept_can_be_woken_again(clients: LocalClients, retired: Job) -> None:
    woken(clients, retired)
    clients.deployments.sleep(retired.id)
    sweep(clients)

    woken(clients, retired)

    assert clients.deployed(retired) == ["1"]


def test_a_model_that_is_gone_says_so(clients: LocalClients, submitted: Job) -> None:
    clients.jobs.advance(submitted.id, 1, State.READY, by="test")
    job = clients.jobs.advance(submitted.id, 1, State.RETIRED, by="test")
    clients.deployments.wake(job)

    sweep(clients)
    sweep(clients)

    found = clients.deployments.get(job.id)
    assert found is not None
    assert found.failure is not None
    assert (found.state, found.failure.code) == (DeploymentState.FAILED, "MODEL_GONE")
    assert names.endpoint(job.id) not in clients.endpoint_ids()


def test_while_intake_is_paused_nothing_is_woken(clients: LocalClients, retired: Job) -> None:
    clients.deployments.wake(retired)
    clients.gate.change(lambda _: Intake(paused=True, reason="we move", by=Keeper.OPERATOR))

    done = sweep(clients)

    assert done["woken"] == 0
    assert names.endpoint(retired.id) not in clients.endpoint_ids()


def test_one_that_cannot_be_woken_in_time_fails_and_leaves_no_endpoint(clients: LocalClients, retired: Job) -> None:
    clients.deployments.wake(retired)
    request = vertex.CreateEndpointRequest(
        parent=clients.parent,
        endpoint=vertex.Endpoint(display_name="e", labels=names.labels("test", retired.id, 1, retired.method)),
        endpoint_id=names.endpoint(retired.id),
    )
    clients.endpoints.create_endpoint(request=request).result(30)
    clients.documents.collection("deployments").document(retired.id).update({"deadline": now() - timedelta(seconds=1)})

    sweep(clients)

    assert state_of(clients, retired) is DeploymentState.FAILED
    assert names.endpoint(retired.id) not in clients.endpoint_ids()
