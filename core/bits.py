"""A column of bits."""

from typing import Any

from django.db import models


class BitsField(models.Field):
    """So many bits, as a text of 0 and 1; the database refuses any other number of them."""

    def __init__(self, count: int, **options: Any) -> None:
        self.count = count
        super().__init__(**options)

    def db_type(self, connection: Any) -> str:
        return f"bit({self.count})"

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, [self.count, *args], options
