"""Tables beside that of the products."""

from catalog.tables.favourite import Favourite

__all__ = ["Favourite"]
