"""Whether a request is signed by a key of its caller, as RFC 9421 says, now and for the first time.

The library takes signatures apart and checks them. What is ours: the components that must be
covered, whose key it may be, which algorithm a key stands for, and that a nonce counts once.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    MappingKeyResolver,
    VerificationKey,
    VerifyResult,
    algorithms,
)

from accounts.models import RequestKey, UsedNonce
from core.encryption import decrypt
from core.errors import Refusal
from core.principal import Principal

TAG = "leema-v1"
COVERED = ("@method", "@target-uri", "content-digest")
MAX_AGE = timedelta(seconds=300)
NONCE = re.compile(r"[A-Za-z0-9+/=_.~-]{16,128}")
NONCE_KEPT = 2 * MAX_AGE  # longer than a signature can be in time, the clocks' difference included
ALGORITHMS: dict[str, type[HTTPSignatureAlgorithm]] = {
    RequestKey.Algorithm.ED25519: algorithms.ED25519,
    RequestKey.Algorithm.HMAC_SHA256: algorithms.HMAC_SHA256,
}


class BadSignature(Refusal):
    """Missing, wrong, too old or used before: a caller is never told which."""

    code = "bad_signature"
    status = 401
    auth_header: ClassVar[str] = 'Signature realm="leema"'

    def __init__(self) -> None:
        super().__init__(_("The signature is missing, wrong, too old or was used before."))


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was found good: by which key, and the nonce that made it count once."""

    key: RequestKey
    nonce: str


@dataclass(frozen=True, slots=True)
class _Message:
    """The request as its client saw it, for the library."""

    method: str
    url: str
    headers: Mapping[str, str]


def verify(request: HttpRequest, caller: Principal) -> Signature:
    """Believe the request's signature and use up its nonce, or raise BadSignature.

    Whatever `Host` or a proxy says, `@target-uri` is API_BASE_URL and what follows it.
    """
    address = settings.API_BASE_URL + request.get_full_path()
    message = _Message(request.method or "", address, request.headers)
    keys = list(RequestKey.objects.live().of(caller))
    signature = _signature(message, request.body, keys)
    if signature is None:
        raise BadSignature
    _use_up(signature)
    return signature


def _signature(message: _Message, body: bytes, keys: list[RequestKey]) -> Signature | None:
    for algorithm in ALGORITHMS:
        by_id = {key.key_id: key for key in keys if key.algorithm == algorithm}
        found = _verified(message, body, algorithm, by_id) if by_id else None
        if found and NONCE.fullmatch(found.nonce or ""):
            return Signature(by_id[str(found.parameters["keyid"])], found.nonce or "")
    return None


def _verified(
    message: _Message, body: bytes, algorithm: str, keys: Mapping[str, RequestKey]
) -> VerifyResult | None:
    """The one signature with our tag, if it is right; two of them are one too many."""
    known = MappingKeyResolver(
        public_keys={key_id: _material(key) for key_id, key in keys.items()}, private_keys={}
    )
    verifier = HTTPMessageVerifier(signature_algorithm=ALGORITHMS[algorithm], key_resolver=known)
    try:
        results = verifier.verify(
            message, max_age=MAX_AGE, expect_tag=TAG, require_components=COVERED, body=body
        )
    except HTTPMessageSignaturesException:
        return None
    return results[0] if len(results) == 1 else None


def _material(key: RequestKey) -> VerificationKey:
    if key.public_key is None:
        return base64.b64decode(decrypt(key.encrypted_secret))
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public_key))


def _use_up(signature: Signature) -> None:
    now = timezone.now()
    nonces = UsedNonce.objects.filter(key=signature.key)
    nonces.filter(used_at__lt=now - NONCE_KEPT).delete()
    try:
        with transaction.atomic():
            UsedNonce.objects.create(key=signature.key, nonce=signature.nonce, used_at=now)
    except IntegrityError as error:
        raise BadSignature from error
    RequestKey.objects.filter(pk=signature.key.pk).update(last_used_at=now)
