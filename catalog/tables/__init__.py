"""Tables beside that of the products."""

from catalog.tables.alert import Alert
from catalog.tables.facet_count import FacetChange, FacetCount
from catalog.tables.favourite import Favourite
from catalog.tables.movement import StockMovement
from catalog.tables.report import ProductReport
from catalog.tables.review import Review
from catalog.tables.words_change import WordsChange

__all__ = [
    "Alert",
    "FacetChange",
    "FacetCount",
    "Favourite",
    "ProductReport",
    "Review",
    "StockMovement",
    "WordsChange",
]
