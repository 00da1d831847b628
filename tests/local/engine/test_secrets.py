"""Secrets as Pulumi's passphrase provider writes them; the vectors were written by its CLI."""

import json

import pytest

from local.engine.errors import PassphraseError
from local.engine.secrets import Crypter, seal, unseal
from local.engine.values import SECRET, SIGNATURE, UNKNOWN, Secret

SALT = "v1:enrfZGO7/ek=:v1:eZrYyiJcs3TNch7H:INv2VMXeRckNWkQvBJFlshnHhYkTVA=="
CIPHERTEXT = "v1:/HJZHkA6SLzlBHgb:snqedsWsRwMoutiWSxJ63gxxRrnq4YkLeKGSmso="


@pytest.fixture(scope="module")
def crypter() -> Crypter:
    return Crypter(SALT, "pw")


def test_a_secret_of_the_cli_can_be_read(crypter: Crypter) -> None:
    sealed = {SIGNATURE: SECRET, "ciphertext": CIPHERTEXT}

    opened = unseal(sealed, crypter)

    assert opened == Secret("tell no one")
    assert seal(opened, crypter) == sealed


def test_what_is_sealed_opens_again_and_shows_nothing(crypter: Crypter) -> None:
    value = {"list": [1, Secret({"deep": Secret("swordfish")})], "later": UNKNOWN}

    sealed = seal(value, crypter)

    assert "swordfish" not in json.dumps(sealed)
    assert unseal(sealed, crypter) == {"list": [1, Secret({"deep": "swordfish"})], "later": UNKNOWN}


def test_another_passphrase_is_told_apart(crypter: Crypter) -> None:
    with pytest.raises(PassphraseError, match="incorrect passphrase"):
        Crypter(SALT, "guess").decrypt(CIPHERTEXT)


def test_no_passphrase_is_asked_for_by_name() -> None:
    with pytest.raises(PassphraseError, match="PULUMI_CONFIG_PASSPHRASE"):
        Crypter(SALT, None).decrypt(CIPHERTEXT)


def test_a_stack_without_salt_gets_one() -> None:
    crypter = Crypter("", "pw")

    ciphertext = crypter.encrypt("word")

    assert Crypter(crypter.salt, "pw").decrypt(ciphertext) == "word"


def test_a_secret_does_not_show_itself() -> None:
    assert "swordfish" not in repr(Secret("swordfish"))
