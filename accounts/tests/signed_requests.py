"""A client that signs: what an app or a partner does, for the tests."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone
from django.utils.encoding import force_bytes
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSigner,
    MappingKeyResolver,
    algorithms,
)
from rest_framework.test import APIClient

from accounts.models import AuthSession, User
from accounts.signatures import keys
from conftest import signed_in

COVERED = ("@method", "@target-uri", "content-digest")


def stepped_up(account):
    """A signed-in client that has just shown its second factor."""
    client = signed_in(account, "web" if isinstance(account, User) else "mobile")
    sessions = AuthSession.objects.filter(user=account if isinstance(account, User) else None)
    if not isinstance(account, User):
        sessions = AuthSession.objects.filter(shop=account)
    sessions.update(mfa_at=timezone.now())
    return client


class SigningClient(APIClient):
    """A client that has just shown its second factor and signs all that it sends."""

    def __init__(self, account):
        super().__init__()
        self.credentials(**stepped_up(account)._credentials)
        self.device = Device(account)

    def generic(self, method, path, data="", *rest, **told):
        headers = signature(self.device, method, path, force_bytes(data))
        named = {f"HTTP_{name.upper().replace('-', '_')}": headers[name] for name in headers}
        return super().generic(method, path, data, *rest, **named, **told)


class Device:
    """Holds an Ed25519 key that an account has registered."""

    algorithm = algorithms.ED25519

    def __init__(self, owner, private=None):
        self.private = private or Ed25519PrivateKey.generate()
        public = self.private.public_key().public_bytes_raw()
        self.key = keys.register_device(owner, "phone", public)


class Partner:
    """Shares a secret with us."""

    algorithm = algorithms.HMAC_SHA256

    def __init__(self, owner):
        self.key, self.secret = keys.register_partner(owner, "bookkeeping")
        self.private = base64.b64decode(self.secret)


class AnyDigest(ContentDigest):
    """Leaves the digest as it is: a forger's client is not as careful as the library."""

    @classmethod
    def prepare(cls, headers, body, **options):
        pass


class Signer(HTTPMessageSigner):
    content_digest_class = AnyDigest


def digest(body, name="sha-256"):
    value = base64.b64encode(hashlib.new(name.replace("-", ""), body).digest()).decode()
    return f"{name}=:{value}:"


def signature(signer, method, path, body=b"", **changes):
    """The headers of a signed request; `changes` is what a forger does otherwise."""
    message = SimpleNamespace(
        method=method,
        url=changes.pop("base", settings.API_BASE_URL) + path,
        headers={"Content-Digest": changes.pop("digest", digest(body)), **changes.pop("more", {})},
    )
    told = {
        "key_id": signer.key.key_id,
        "nonce": uuid4().hex,
        "tag": "leema-v1",
        "created": datetime.now(UTC),
        "covered_component_ids": COVERED,
        **changes,
    }
    resolver = MappingKeyResolver(public_keys={}, private_keys={told["key_id"]: signer.private})
    Signer(signature_algorithm=signer.algorithm, key_resolver=resolver).sign(message, **told)
    return message.headers


def send(client, method, path, body=b"", headers=None):
    """Send exactly these bytes with exactly these headers."""
    named = {
        f"HTTP_{name.upper().replace('-', '_')}": text for name, text in (headers or {}).items()
    }
    return client.generic(method, path, body, content_type="application/json", **named)


def send_signed(client, signer, method, path, data, **changes):
    body = json.dumps(data).encode()
    return send(client, method, path, body, signature(signer, method, path, body, **changes))
