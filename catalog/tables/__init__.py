"""Tables beside that of the products."""

from catalog.tables.favourite import Favourite
from catalog.tables.movement import StockMovement
from catalog.tables.review import Review

__all__ = ["Favourite", "Review", "StockMovement"]
