"""The local engine: no network, no key, no GPU.

Try-on is a classical compositor (one module per stage: `person`, `garment`, `silhouette`,
`fit_top` and `fit_bottom`, `composition`); clothing generation draws (`design`).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from generations.engines.base import (
    DesignRequest,
    GarmentCategory,
    GenerationError,
    Picture,
    TryOnRequest,
)

from . import composition, fit_bottom, fit_seated, fit_top, garment, person, pixels, seat
from .body import refuse_folded_legs
from .category import guess
from .design import draw
from .fit_top import Fitted
from .pixels import Array

PROVIDER = "local"
TRY_ON_MODEL = "compositor-1"
DESIGN_MODEL = "drawing-1"
LONGEST_SIDE = 1024
SHORTEST_SIDE = 256
GARMENT_SHORTEST_SIDE = 128

MARGIN = 0.06  # of the longer side
PITFALLS = cv2.error, ArithmeticError, LookupError, RuntimeError, ValueError

HANGS_OVER_LEGS = {*composition.BELOW_WAIST, GarmentCategory.DRESS}

Show = Callable[[str, Array], None]


def _hide(name: str, picture: Array) -> None:
    """Stages are shown to nobody."""


class LocalEngine:
    """Makes both kinds of pictures on this machine; the same request gives the same bytes."""

    def try_on(self, request: TryOnRequest, show: Show = _hide) -> Picture:
        """The person wearing the garment; `show` receives a picture of every stage."""
        try:
            finished = _try_on(request, show)
        except PITFALLS as error:
            raise GenerationError("internal", str(error)) from error
        return Picture(pixels.encode(finished), PROVIDER, TRY_ON_MODEL, request.seed)

    def cut_out(self, photo: bytes) -> bytes:
        """A JPEG of the garment in the photo, upright on white."""
        picture = pixels.decode(
            photo, longest_side=garment.LONGEST_SIDE, shortest_side=GARMENT_SHORTEST_SIDE
        )
        try:
            return pixels.encode(_on_white(garment.cut_out(picture)))
        except PITFALLS as error:
            raise GenerationError("internal", str(error)) from error

    def design(self, request: DesignRequest) -> Picture:
        """A product picture of the garment that the prompt describes."""
        drawing = draw(request.prompt, request.seed)
        return Picture(pixels.encode(drawing), PROVIDER, DESIGN_MODEL, request.seed)


def _try_on(request: TryOnRequest, show: Show) -> Array:
    photo = pixels.decode(request.person, longest_side=LONGEST_SIDE, shortest_side=SHORTEST_SIDE)
    product = pixels.decode(
        request.garment, longest_side=LONGEST_SIDE, shortest_side=GARMENT_SHORTEST_SIDE
    )
    with ThreadPoolExecutor(1) as beside:  # neither needs the other
        cutting = beside.submit(garment.cut_out, product)
        wearer = person.read(photo)
    cut = cutting.result()
    category = request.category
    if category == GarmentCategory.AUTO:
        category = guess(cut)
    if category in HANGS_OVER_LEGS:
        wearer = _with_legs(wearer)
    fitted = _fit(wearer, cut, category, request.sleeve)
    if show is not _hide:
        _show_inputs(wearer, cut, show)
    return composition.compose(wearer, cut, fitted, category, request.seed, show)


def _with_legs(wearer: person.Person) -> person.Person:
    """The person with legs that something can hang over or lie on."""
    refuse_folded_legs(wearer.body)
    return seat.settled(wearer) if wearer.body.sits else wearer


def _on_white(cut: garment.Garment) -> Array:
    alone = pixels.mix(255.0, cut.picture, cut.cover[..., None])
    margin = round(MARGIN * max(cut.cover.shape))
    framed = np.pad(alone, ((margin, margin), (margin, margin), (0, 0)), constant_values=255)
    return np.asarray(np.clip(np.rint(framed), 0, 255), np.uint8)


def _fit(
    wearer: person.Person, cut: garment.Garment, category: GarmentCategory, sleeve: str
) -> Fitted:
    if category in composition.BELOW_WAIST:
        fit = fit_seated.fit if wearer.body.sits else fit_bottom.fit
        return fit(wearer, cut, skirt=category == GarmentCategory.SKIRT)
    return fit_top.fit(wearer, cut, category, sleeve)


def _show_inputs(wearer: person.Person, cut: garment.Garment, show: Show) -> None:
    show("1-person", wearer.picture)
    show("2-silhouette", np.repeat(wearer.silhouette[..., None] * 255, 3, -1))
    show("3-parsing", _painted(wearer))
    show("4-garment", cut.picture)
    show("5-cut", pixels.mix(255.0, cut.picture, cut.cover[..., None]))


def _painted(wearer: person.Person) -> Array:
    """The photo with each class in a colour of its own."""
    painted = wearer.picture * 0.5
    masks = {
        (255, 0, 0): wearer.upper,
        (0, 0, 255): wearer.lower,
        (0, 255, 0): wearer.skin & ~wearer.upper,
        (255, 255, 0): wearer.hair,
        (255, 0, 255): wearer.shoes,
    }
    for colour, mask in masks.items():
        painted[mask] += np.array(colour) * 0.5
    return painted
