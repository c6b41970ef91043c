"""docs/signing.md does what it says: its client runs against the server, its example is exact."""

import base64
import re
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection
from django.utils import timezone
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

from accounts import tokens
from accounts.models import AuthSession
from billing.models import Payout
from billing.tests.shops_with_money import earned, with_bank_details
from config.tests.conftest import answers, free_port, python, wait_until
from config.tests.whole_platform import settings_url

DOCUMENT = (settings.BASE_DIR / "docs" / "signing.md").read_text()
[PROGRAM] = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
SEED = "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU="
KEY_ID = "5f1c0a8e37d24b96a1b0c3d4"
PUBLIC = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="


@pytest.fixture
def server(transactional_db):
    """The real server on the database of the tests; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    told = {
        "DATABASE_URL": settings_url(connection.settings_dict["NAME"]),
        "SECRET_KEY": settings.SECRET_KEY,
        "API_BASE_URL": address,
    }
    with python("manage.py", "serve", "--port", port, **told):
        wait_until(lambda: answers(port), seconds=120)
        yield address


@pytest.mark.faults
def test_the_client_is_paid_and_the_tampered_request_is_not(server, bazaar, tmp_path):
    with_bank_details(earned(bazaar, 100_000))
    session = AuthSession.objects.create(shop=bazaar, platform="web", mfa_at=timezone.now())
    program = tmp_path / "payout.py"
    program.write_text(PROGRAM)
    told = {"LEEMA_API": server, "LEEMA_TOKEN": tokens.issue(session).access}

    with python(program, "15000", **told) as process:
        printed, _ = process.communicate(timeout=30)

    assert printed.splitlines() == ["201 requested", "401 bad_signature"]
    assert Payout.objects.get().amount == Decimal(15_000)
    bazaar.refresh_from_db()
    assert bazaar.balance == Decimal(85_000)


@pytest.fixture
def example():
    """The request of the document, signed, and the base that was signed."""
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(SEED))
    assert base64.b64encode(private.public_key().public_bytes_raw()).decode() == PUBLIC
    message = SimpleNamespace(
        method="POST", url="https://api.leema.example/api/v1/shops/me/payouts", headers={}
    )
    resolver = MappingKeyResolver(public_keys={}, private_keys={KEY_ID: private})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    prepared = signer.prepare(
        message,
        key_id=KEY_ID,
        created=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        nonce="b3c9f1e07a5d4c2e9f8a6b1d0e7c5a43",
        tag="leema-v1",
        label="leema",
        covered_component_ids=("@method", "@target-uri"),
        body=b'{"amount": 15000}',
    )
    signer.apply(message, prepared, private.sign(prepared.signature_base))
    headers = "\n".join(f"{name}: {value}" for name, value in message.headers.items())
    return prepared.signature_base.decode(), headers


def test_the_signature_base_and_the_headers_are_exact(example):
    for block in example:
        assert f"```\n{block}\n```\n" in DOCUMENT


def test_the_key_of_the_example_is_named():
    assert SEED in DOCUMENT
    assert PUBLIC in DOCUMENT
