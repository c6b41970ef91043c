"""How things come to people: their addresses, and the ways in which shops deliver."""
