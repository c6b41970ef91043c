"""What a photo of a garment shows, told by its file name: dress-01.jpg is a dress."""

from pathlib import Path

KINDS = {
    "t-shirt": ("t-shirts", "Футболка", "short"),
    "longsleeve": ("longsleeves", "Лонгслив", "long"),
    "shirt": ("shirts", "Рубашка", ""),
    "outwear": ("outerwear", "Куртка", ""),
    "pants": ("trousers", "Брюки", ""),
    "dress": ("dresses", "Платье", ""),
    "skirt": ("skirts", "Юбка", ""),
    "shorts": ("shorts", "Шорты", ""),
    "shoes": ("shoes", "Обувь", ""),
    "hat": ("hats", "Головной убор", ""),
}


def kind_of(path: Path) -> tuple[str, str, str]:
    """The slug of the category, a name for the product, and its sleeve ("" where it has none)."""
    kind = path.stem.rpartition("-")[0]
    return KINDS.get(kind, KINDS["t-shirt"])
