"""What a person does with their own profile."""

from typing import Any

from accounts.models import User


def update_profile(user: User, **changes: Any) -> User:
    """Change `name` or `avatar`. Only these columns are written: the balance is the ledger's."""
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=[*changes, "updated_at"])
    return user
