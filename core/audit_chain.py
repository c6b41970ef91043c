"""Verifying the audit log: that no entry was changed, left out or cut off."""

import json
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction

from core.audit import digest
from core.models import AuditEntry

READ_AT_ONCE = 5000
GENERATED = ("at", "actor", "action", "subject", "request_id", "ip")


class ChainBroken(Exception):
    """The first thing that is not as it was written."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain. Kept elsewhere, it later shows whether the log still holds it."""

    seq: int = 0
    hash: str = ""

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `SEQ:HASH`; ValueError for anything else."""
        seq, _colon, sealed = text.partition(":")
        if len(bytes.fromhex(sealed)) != 32:  # noqa: PLR2004 - SHA-256
            raise ValueError(text)
        return cls(int(seq), sealed)


@transaction.atomic  # a cursor of a transaction brings the rows in parts
def verify(expected: Head | None = None) -> Head:
    """Compute the whole chain anew and return its end; raises ChainBroken at the first flaw.

    With `expected`, an end of the chain that was kept elsewhere, it also notices a chain that was
    cut off before it or computed anew by somebody else.
    """
    head = Head()
    entries = AuditEntry.objects.exclude(seq=None).order_by("seq")
    for entry in entries.values("seq", "hash", "record", *GENERATED).iterator(READ_AT_ONCE):
        head = _next(head, entry)
        if expected and head.seq == expected.seq and head != expected:
            raise ChainBroken(f"Entry {head.seq} is not the one that was kept: {expected}.")
    if expected and head.seq < expected.seq:
        raise ChainBroken(f"The log ends at entry {head.seq}; it once went on to {expected}.")
    if left := AuditEntry.objects.filter(seq=None).order_by("pk").first():
        raise ChainBroken(f"The row with id {left.pk} was written past the chain.")
    return head


def _next(head: Head, entry: dict[str, Any]) -> Head:
    seq = head.seq + 1
    if entry["seq"] != seq:
        raise ChainBroken(f"Entry {seq} is missing.")
    if entry["hash"] != digest(seq, head.hash, entry["record"]):
        raise ChainBroken(f"Entry {seq} was changed: its hash is not that of its record.")
    said = json.loads(entry["record"])
    wrong = [name for name in GENERATED if entry[name] != said.get(name)]
    if wrong:
        columns = ", ".join(wrong)
        raise ChainBroken(f"Entry {seq} says something else than its record: {columns}.")
    return Head(seq, entry["hash"])
