"""What the deployer would have to do, and may not."""

from pathlib import Path

import pytest

from scripts.preview.graph import Node
from scripts.preview.sections import permissions
from scripts.preview.sections.sources import Sourced, Tree
from tests.scripts.preview.sections.graphs import ON_PROJECT, alarms, bucket, node, preview, texts

_KEY = "gcp:kms/cryptoKey:CryptoKey"


def test_what_the_deployer_may_is_not_mentioned() -> None:
    assert permissions.section(preview([], [bucket("models")])).lines == ()


def test_a_type_that_no_table_knows_is_said_once_it_is_new() -> None:
    database = node("gcp:sql/databaseInstance:DatabaseInstance", "orders")
    another = node("gcp:sql/databaseInstance:DatabaseInstance", "more-orders")

    first, next_ = permissions.section(preview([], [database])), permissions.section(preview([database], [database, another]))

    assert "`orders`: what `gcp:sql/databaseInstance:DatabaseInstance` asks of the deployer" in texts(first)[0]
    assert next_.lines == ()


@pytest.mark.parametrize(("switches", "lacks"), [("[]", True), ('["cmek"]', False)])
def test_a_role_of_a_switch_is_lacking_where_bootstrap_has_it_off(tmp_path: Path, switches: str, lacks: bool) -> None:
    (tmp_path / "bootstrap").mkdir()
    (tmp_path / "bootstrap/Pulumi.dev.yaml").write_text(f"config:\n  sd-bootstrap:switches: {switches}\n")
    plain = preview([], [node(_KEY, "data")])

    found = permissions.section(Sourced(plain.evaluation, plain.changes, None, Tree(tmp_path)))

    assert bool(alarms(found)) is lacks
    if lacks:
        assert "**The deployer lacks `roles/cloudkms.admin`** for `data`: turn on the switch `cmek`" in alarms(found)[0]


def test_a_role_that_several_types_need_is_asked_for_once(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").mkdir()
    (tmp_path / "bootstrap/Pulumi.dev.yaml").write_text("config: {}\n")
    plain = preview([], [node(_KEY, "data"), node("gcp:kms/keyRing:KeyRing", "ring")])

    found = permissions.section(Sourced(plain.evaluation, plain.changes, None, Tree(tmp_path)))

    assert len(alarms(found)) == 1
    assert "for `data` and `ring`" in alarms(found)[0]


def test_a_role_of_a_switch_that_cannot_be_read_is_a_note() -> None:
    found = permissions.section(preview([], [node(_KEY, "data")]))

    assert alarms(found) == []
    assert "which it has by bootstrap's switch `cmek` only" in texts(found)[0]


def test_a_role_that_the_deployer_may_not_grant_on_the_project_is_an_alarm() -> None:
    known, unknown = _grant("roles/logging.logWriter"), _grant("roles/aiplatform.admin")

    found = permissions.section(preview([known], [known, unknown]))

    assert len(alarms(found)) == 1
    assert alarms(found)[0].startswith("**The deployer may not grant `roles/aiplatform.admin` on the project** (1 binding: `admin`)")


def test_custom_roles_of_the_program_may_be_granted() -> None:
    assert permissions.section(preview([], [_grant("projects/team-dev/roles/sd_dev_predict")])).lines == ()
    assert alarms(permissions.section(preview([], [_grant("projects/other/roles/sd_dev_predict")])))


def _grant(role: str) -> Node:
    return node(ON_PROJECT, role.rpartition(".")[2], project="team-dev", member="user:ada@example.com", role=role)
