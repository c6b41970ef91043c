"""Reading Ed25519 public keys, and refusing those under which anybody could sign."""

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

KEY_BYTES = 32
# The curve of RFC 8032, section 5.1: -x² + y² = 1 + d·x²·y² modulo p.
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def read(text: str) -> bytes:
    """The 32 bytes of a key that came as base64 or as PEM; ValueError for any other and weak one.

    OpenSSL loads every 32 bytes. Under a point of small order signatures can be made without a
    private key, so a key is a point of the curve, in its one spelling, and of large order.
    """
    raw = _from_pem(text) if "-----BEGIN" in text else base64.b64decode(text, validate=True)
    if len(raw) != KEY_BYTES or not _is_strong(raw):
        raise ValueError("not an Ed25519 public key to be used")
    return raw


def _from_pem(text: str) -> bytes:
    try:
        key = load_pem_public_key(text.encode())
    except UnsupportedAlgorithm as error:
        raise ValueError("not a key we know") from error
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else b""


def _is_strong(raw: bytes) -> bool:
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    x_squared = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    is_on_curve = pow(x_squared, (P - 1) // 2, P) in {0, 1}
    return y < P and is_on_curve and not _is_of_small_order(x_squared, y)


def _is_of_small_order(x_squared: int, y: int) -> bool:
    """Whether eight times the point is the neutral one, which alone has y = 1."""
    for _time in range(3):
        x_squared, y = _doubled(x_squared, y)
    return y == 1


def _doubled(x_squared: int, y: int) -> tuple[int, int]:
    y_squared = y * y
    product = D * x_squared * y_squared
    return (
        4 * x_squared * y_squared * pow(1 + product, -2, P) % P,
        (y_squared + x_squared) * pow(1 - product, -1, P) % P,
    )
