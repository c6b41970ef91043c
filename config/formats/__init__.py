"""How dates and numbers look where Django has no formats of its own for a language."""
