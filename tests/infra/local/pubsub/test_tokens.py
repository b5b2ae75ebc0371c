from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from google.auth import jwt

from infra.local.pubsub.tokens import TokenSigner

EMAIL = "push@proj-local.iam.gserviceaccount.com"


def test_a_token_is_made_once_per_caller_and_audience():
    signer = TokenSigner(None)

    first = signer.token(EMAIL, "https://a.example")

    assert signer.token(EMAIL, "https://a.example") == first
    assert signer.token(EMAIL, "https://b.example") != first


def test_the_key_is_kept_for_the_owner_alone(tmp_path):
    token = TokenSigner(tmp_path).token(EMAIL, "https://a.example")

    keys = TokenSigner(tmp_path).certificates()

    assert jwt.decode(token, certs=keys)["email"] == EMAIL
    assert (tmp_path / "push-key.pem").stat().st_mode & 0o777 == 0o600


def test_another_key_does_not_check_a_token():
    token = TokenSigner(None).token(EMAIL, "https://a.example")

    with pytest.raises(ValueError, match="signature"):
        jwt.decode(token, certs=TokenSigner(None).certificates())


def test_the_key_set_is_the_certificate_in_another_form():
    signer = TokenSigner(None)
    [pem] = signer.certificates().values()
    numbers = serialization.load_pem_public_key(pem.encode()).public_numbers()

    [key] = signer.key_set()["keys"]

    modulus = int.from_bytes(base64.urlsafe_b64decode(key["n"] + "=="))
    assert modulus == numbers.n
    assert (key["kty"], key["alg"], key["e"]) == ("RSA", "RS256", "AQAB")
