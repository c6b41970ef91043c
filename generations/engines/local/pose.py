"""Finding people: boxes, 33 landmarks, a silhouette and faces, by the BlazePose networks.

Bazarevsky et al. 2020, "BlazePose: On-device Real-time Body Pose tracking"; the numbering of the
landmarks and the decoding of boxes are those of the MediaPipe graphs of the same models.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from . import weights
from .pixels import Array, resize

POSE_BOX_SIZE = 224
FACE_BOX_SIZE = 128
LANDMARKS_SIZE = 256
LANDMARK_ROWS = 39
PERSON_SCORE = 0.5
FACE_SCORE = 0.8
SAME_PERSON_OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody, or a face: corners in pixels, and the two points that set the crop."""

    score: float
    corners: Array
    centre: Array
    edge: Array

    @property
    def area(self) -> float:
        left, top, right, bottom = self.corners
        return float((right - left) * (bottom - top))


@dataclass(frozen=True, slots=True)
class Pose:
    """33 landmarks in pixels, how visible each is (0 to 1), and a rough silhouette."""

    score: float
    points: Array
    visible: Array
    silhouette: Array


def people(picture: Array) -> list[Box]:
    """Everybody in the picture, the largest first."""
    boxes = _boxes("pose_detection.tflite", picture, POSE_BOX_SIZE, ((8, 2), (16, 2), (32, 6)))
    return sorted(boxes, key=lambda box: -box.area)


def faces(picture: Array) -> list[Box]:
    """Faces that fill a good part of the picture (the short-range model)."""
    name = "face_detection_short_range.tflite"
    return _boxes(name, picture, FACE_BOX_SIZE, ((8, 2), (16, 6)))


def landmarks(picture: Array, box: Box) -> Pose:
    """The pose of the person in the box."""
    crop, back = _crop(picture, *_region(box), LANDMARKS_SIZE)
    by_size = {
        array.size: array for array in weights.model("pose_landmark_full.tflite")(crop / 255)
    }
    rows = by_size[LANDMARK_ROWS * 5].reshape(LANDMARK_ROWS, 5)
    silhouette = _sigmoid(by_size[LANDMARKS_SIZE**2].reshape(LANDMARKS_SIZE, LANDMARKS_SIZE))
    height, width = picture.shape[:2]
    homogeneous = np.column_stack([rows[:, :2], np.ones(LANDMARK_ROWS)])
    return Pose(
        score=float(by_size[1].ravel()[0]),
        points=(homogeneous @ back.T)[:33].astype(np.float32),
        visible=_sigmoid(rows[:33, 3]),
        silhouette=cv2.warpAffine(silhouette, back, (width, height)),
    )


def has_face(picture: Array, found: Pose) -> bool:
    """Whether a face is seen where the pose has its head."""
    nose = found.points[0]
    reach = 0.9 * float(np.linalg.norm(found.points[11] - found.points[12])) + 16
    left, top = np.maximum(nose - reach, 0).astype(int)
    right, bottom = np.maximum(nose + reach, 0).astype(int)
    head = np.ascontiguousarray(picture[top:bottom, left:right])
    return min(head.shape[:2]) > 1 and any(face.score > FACE_SCORE for face in faces(head))


def foreground(picture: Array) -> Array:
    """How surely each pixel belongs to a person (selfie segmentation)."""
    height, width = picture.shape[:2]
    small = resize(picture, 256, 256) / 255
    (plane,) = weights.model("selfie_segmentation.tflite")(small)
    return cv2.resize(plane.reshape(256, 256), (width, height))


def _boxes(name: str, picture: Array, size: int, strides: tuple[tuple[int, int], ...]) -> list[Box]:
    height, width = picture.shape[:2]
    side = max(height, width)
    crop, _ = _crop(picture, width / 2, height / 2, side, 0, size)
    outputs = weights.model(name)((crop - 127.5) / 127.5)
    scores = next(array for array in outputs if array.shape[-1] == 1)[0, :, 0]
    raw = next(array for array in outputs if array.shape[-1] > 1)[0] / size
    scores = _sigmoid(scores)
    sure = scores > PERSON_SCORE
    raw, scores, anchors = raw[sure], scores[sure], _anchors(size, strides)[sure]
    middle, half = raw[:, :2] + anchors, raw[:, 2:4] / 2
    marks = raw[:, 4:8].reshape(-1, 2, 2) + anchors[:, None]
    corners = np.concatenate([middle - half, middle + half], 1)
    shift = np.array([side - width, side - height]) / 2
    return [
        Box(score, box * side - np.tile(shift, 2), first * side - shift, second * side - shift)
        for score, box, (first, second) in _merged(scores, corners, marks)
    ]


def _merged(scores: Array, corners: Array, marks: Array) -> list[tuple[float, Array, Array]]:
    """One weighted mean for each group of boxes that overlap."""
    left = np.ones(len(scores), bool)
    groups = []
    for index in np.argsort(-scores, kind="stable"):
        if not left[index]:
            continue
        group = left & (_overlap(corners[index], corners) > SAME_PERSON_OVERLAP)
        group[index] = True
        left &= ~group
        share = scores[group] / scores[group].sum()
        groups.append(
            (
                float(scores[index]),
                np.tensordot(share, corners[group], 1),
                np.tensordot(share, marks[group], 1),
            )
        )
    return groups


def _overlap(box: Array, boxes: Array) -> Array:
    """Intersection over union of one box with each."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    common = np.clip(high - low, 0, None).prod(1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return np.asarray(common / (areas + (box[2:] - box[:2]).prod() - common + 1e-9))


def _anchors(size: int, strides: tuple[tuple[int, int], ...]) -> Array:
    anchors: list[tuple[float, float]] = []
    for stride, repeats in strides:
        cells = math.ceil(size / stride)
        for row in range(cells):
            for column in range(cells):
                anchors += [((column + 0.5) / cells, (row + 0.5) / cells)] * repeats
    return np.array(anchors, np.float32)


def _region(box: Box) -> tuple[float, float, float, float]:
    """Centre, size and turn of the square that holds the whole person, head up."""
    dx, dy = box.edge - box.centre
    turn = math.pi / 2 - math.atan2(-dy, dx)
    turn -= 2 * math.pi * math.floor((turn + math.pi) / (2 * math.pi))
    return float(box.centre[0]), float(box.centre[1]), 2.5 * math.hypot(dx, dy), turn


def _crop(  # noqa: PLR0913, PLR0917 - a region is four numbers
    picture: Array, x: float, y: float, size: float, turn: float, side: int
) -> tuple[Array, Array]:
    """The region as a small square picture, and the transform back."""
    dx, dy = math.cos(turn) * size / 2, math.sin(turn) * size / 2
    corners = np.array([[x, y], [x + dx, y + dy], [x - dy, y + dx]], np.float32)
    target = np.array([[side / 2, side / 2], [side, side / 2], [side / 2, side]], np.float32)
    forth = cv2.getAffineTransform(corners, target)
    crop = cv2.warpAffine(picture, forth, (side, side)).astype(np.float32)
    return crop, cv2.invertAffineTransform(forth)


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values.astype(np.float32), -60, 60))))
