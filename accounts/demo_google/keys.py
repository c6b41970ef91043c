"""The key that signs the demo's id_tokens."""

import hashlib
import json
import os
import secrets
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

LIFETIME_SECONDS = 3600


class SigningKey:
    """One RSA key, named by its own fingerprint."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private = private
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.id = hashlib.sha256(public).hexdigest()[:20]

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def kept_in(cls, path: Path) -> "SigningKey":
        """The key in the file, made on first use, so that a restart changes nothing."""
        if not path.exists():
            cls.generate()._write(path)
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(private, rsa.RSAPrivateKey)
        return cls(private)

    def sign(self, claims: dict[str, Any]) -> str:
        """An id_token that says so for an hour; no two are the same."""
        now = int(time.time())
        times = {"iat": now, "exp": now + LIFETIME_SECONDS, "jti": secrets.token_hex(8)}
        return jwt.encode(
            {**claims, **times}, self._private, algorithm="RS256", headers={"kid": self.id}
        )

    def published(self) -> dict[str, Any]:
        """The public half as a JSON web key set."""
        key = json.loads(RSAAlgorithm.to_jwk(self._private.public_key()))
        return {"keys": [{**key, "kid": self.id, "alg": "RS256", "use": "sig"}]}

    def _write(self, path: Path) -> None:
        pem = self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.touch(mode=0o600)
        part.write_bytes(pem)
        part.replace(path)
