"""An account that signs with a key at hand, where Google would sign."""

from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2 import service_account

ACCOUNT = "sd-test-upload@sd-test.iam.gserviceaccount.com"


@cache
def signer() -> service_account.Credentials:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    return service_account.Credentials.from_service_account_info(
        {"client_email": ACCOUNT, "private_key": pem, "token_uri": "http://127.0.0.1/token"}
    )
