"""Collections: items grouped by name, as many groups as one likes."""
