"""Charts of sizes: for each size the measures of the body that it fits, in cm.

A chart is `[{"size": "M", "chest": [88, 92], "waist": 74}, …]`: a measure is a number, or from and
to.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEASURES = {
    "chest": gettext_lazy("Chest"),
    "waist": gettext_lazy("Waist"),
    "hips": gettext_lazy("Hips"),
    "height": gettext_lazy("Height"),
    "foot": gettext_lazy("Length of the foot"),
    "head": gettext_lazy("Head"),
}
MOST_SIZES = 40
LONGEST_SIZE = 20  # letters
LONGEST_CM = 300


def check(chart: Any) -> None:
    """Raise ValidationError for what is no chart."""
    if not isinstance(chart, list) or len(chart) > MOST_SIZES:
        raise ValidationError(_("Write a list of sizes."))
    for row in chart:
        if not (isinstance(row, dict) and _is_size(row.get("size"))):
            raise ValidationError(_("Every line has a “size”."))
        _check_measures(row)


def table(chart: list[dict[str, Any]]) -> dict[str, Any]:
    """The chart as people read it: its columns and, for each size, a text in each of them."""
    used = [name for name in MEASURES if any(name in row for row in chart)]
    rows = [[row["size"], *(_worded(row.get(name)) for name in used)] for row in chart]
    return {"columns": [str(MEASURES[name]) for name in used], "rows": rows}


def _check_measures(row: dict[str, Any]) -> None:
    measures = {name: value for name, value in row.items() if name != "size"}
    known = ", ".join(MEASURES)
    if not measures or not measures.keys() <= MEASURES.keys():
        raise ValidationError(_("The measures are: %(names)s.") % {"names": known})
    if not all(map(_is_measure, measures.values())):
        raise ValidationError(_("A measure is a number of cm, or a list of two: from and to."))


def _is_size(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= LONGEST_SIZE


def _is_measure(value: Any) -> bool:
    match value:
        case [least, most]:
            return _are_cm(value) and least <= most
        case list():
            return False
    return _are_cm([value])


def _are_cm(values: Iterable[Any]) -> bool:
    return all(
        isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LONGEST_CM
        for value in values
    )


def _worded(measure: Any) -> str:
    if measure is None:
        return ""
    return "–".join(map(str, measure)) if isinstance(measure, list) else str(measure)
