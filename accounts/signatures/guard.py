"""The guard of views whose requests have to be signed."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.signatures.verification import COVERED, TAG, BadSignature, Signature, verify
from core.principal import Principal

WANTED = 'leema=({});created;tag="{}"'.format(" ".join(f'"{name}"' for name in COVERED), TAG)
HEADERS = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True, description=what)
    for name, what in {
        "Content-Digest": "sha-256 or sha-512 of the body (RFC 9530), of an empty one too",
        "Signature-Input": "What is signed, with which key and when (RFC 9421)",
        "Signature": "The signature (RFC 9421)",
    }.items()
]


class IsSigned(BasePermission):
    """Lets in requests signed by a key of the caller, each once: 401 `bad_signature` else.

    It looks at the body before anything parses it. Stands after the guard of the role.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, Principal):
            return False
        try:
            found = verify(request._request, request.auth)
        except BadSignature:
            view.headers["Accept-Signature"] = WANTED
            raise
        request._request.signature = found  # type: ignore[attr-defined]
        return True


def signature_of(request: Request) -> Signature:
    """The signature that the guard found good."""
    found: Signature = request._request.signature  # type: ignore[attr-defined]
    return found
