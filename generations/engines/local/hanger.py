"""The bar of a hanger that shows through the neck of a garment."""

import cv2
import numpy as np

from .pixels import HALF, Array, between, grow, lab

TALLEST = 0.04
BRIGHTER_ANYHOW, BRIGHTER = 14, 40
THICKNESS, LENGTH, ASPECT_MIN = (0.008, 0.021), (0.09, 0.36), 4.5
ROWS, FROM_MIDDLE = (0.05, 0.2), 0.12
WHITE, GRAY_DISTANCE, GRAY_SPREAD = 165, 6, 8


def bar(picture: Array, cover: Array) -> Array:
    """Where the bar is: a thin white line across the middle, high up, that ends on both sides."""
    solid = cover > HALF
    rows, columns = np.where(solid.any(1))[0], np.where(solid.any(0))[0]
    width, colours = int(np.ptp(columns)), lab(picture)
    lines, contrast = _bright_lines(colours[..., 0], width)
    _, labels, stats, centres = cv2.connectedComponentsWithStats((lines & solid).astype(np.uint8))
    place = (centres - [columns.mean(), rows[0]]) / [width, np.ptp(rows)]
    long, tall, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, 4]
    fits = between(np.abs(place[:, 0]), high=FROM_MIDDLE) & between(place[:, 1], *ROWS)
    fits &= between(long / width, *LENGTH) & (long >= ASPECT_MIN * tall)
    fits &= between(area / (long * width), *THICKNESS)
    found = [
        index
        for index in np.flatnonzero(fits)
        if _is_white(colours[labels == index], contrast[labels == index])
    ]
    return grow(np.isin(labels, found), 0.015 * width)


def _bright_lines(bright: Array, width: int) -> tuple[Array, Array]:
    """What is long and brighter than above and below, and by how much (top-hat, Meyer 1979)."""
    tall = np.ones((int(TALLEST * width) | 1, 1), np.uint8)
    long = np.ones((1, int(LENGTH[0] / 2 * width) | 1), np.uint8)
    contrast = cv2.morphologyEx(bright, cv2.MORPH_TOPHAT, tall)
    lines = (contrast > BRIGHTER_ANYHOW).astype(np.uint8)
    return cv2.morphologyEx(lines, cv2.MORPH_OPEN, long) > 0, contrast


def _is_white(colours: Array, contrast: Array) -> bool:
    """Patterns and folds are coloured, uneven, or hardly brighter than the cloth around them."""
    mean, spread = colours.mean(0), colours[:, 1:].std(0).sum()
    gray = np.abs(mean[1:] - 128).max() < GRAY_DISTANCE and spread < GRAY_SPREAD
    return bool(gray and mean[0] > WHITE and np.median(contrast) > BRIGHTER)
