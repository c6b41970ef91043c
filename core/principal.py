"""Who is calling."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Principal:
    """What a verified token or panel session says about its bearer."""

    role: Role
    id: int
    platform: str = "mobile"
    session_id: str = ""
    second_factor_at: datetime | None = None

    def without_unproven_rights(self) -> "Principal":
        """The same caller; an administrator who has shown no second factor is a mere user."""
        is_unproven = self.role is Role.ADMIN and self.second_factor_at is None
        return replace(self, role=Role.USER) if is_unproven else self

    @property
    def account(self) -> str:
        """`user:5` or `shop:5`. An administrator is a user."""
        return f"{Role.SHOP if self.role is Role.SHOP else Role.USER}:{self.id}"
