"""simplejwt's tokens, signed by a key that the token's header names."""

from typing import Any

import jwt
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError
from rest_framework_simplejwt.settings import api_settings

from accounts.signing_keys import key_ring


class KeyRingBackend(TokenBackend):
    """Signs with the key of the moment; verifies with the key that `kid` names, and no other."""

    def encode(self, payload: dict[str, Any]) -> str:
        key = key_ring.signer()
        claims = {**payload, "aud": self.audience, "iss": self.issuer}
        return jwt.encode(claims, key.secret, self.algorithm, headers={"kid": key.kid})

    def get_verifying_key(self, token: Any) -> str:
        secret = key_ring.find(jwt.get_unverified_header(token).get("kid", ""))
        if secret is None:
            raise TokenBackendError("There is no such key.")
        return secret


BACKEND = KeyRingBackend(
    api_settings.ALGORITHM, audience=api_settings.AUDIENCE, issuer=api_settings.ISSUER
)


class AccessToken(tokens.AccessToken):
    _token_backend = BACKEND


class RefreshToken(tokens.RefreshToken):
    _token_backend = BACKEND
