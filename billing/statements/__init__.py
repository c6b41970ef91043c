"""A shop's money, month by month, to take along."""
