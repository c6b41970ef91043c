"""What the platform keeps of a sale. `commission.of` and `commission.of_lines` say how much."""

from billing.commission.rules import Line, Terms, of, of_lines, terms_of

__all__ = ["Line", "Terms", "of", "of_lines", "terms_of"]
