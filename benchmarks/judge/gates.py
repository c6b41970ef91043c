"""What every engine has to reach, and whether it does."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from .measures import Scores

ALIKE_BEFORE = 0.7  # The person wears those colours already: no garment could gain much.


@dataclass(frozen=True)
class Judged:
    """A pair by name, and the marks of what an engine made of it."""

    pair: str
    scores: Scores


@dataclass(frozen=True)
class Gate:
    """A limit for the mean or, where `each`, for every single picture; `least` or at most."""

    name: str
    mark: Callable[[Scores], float | None]
    limit: float
    least: bool
    each: bool = False

    def verdict(self, judged: list[Judged]) -> str:
        """One line: whether the gate is passed, by how much, and the worst pair."""
        marks = self._marks(judged)
        if not marks:
            return f"  –     {self.name}: nothing to measure"
        values = [mark for mark, _ in marks]
        worst, pair = min(marks) if self.least else max(marks)
        counted = worst if self.each else fmean(values)
        word = "pass" if self.passed(judged) else "FAIL"
        sign, kind = ("≥" if self.least else "≤"), ("worst" if self.each else "mean")
        return (
            f"  {word}  {self.name}: {kind} {counted:.3f} {sign} {self.limit:g}"
            f" over {len(marks)}; worst {worst:.3f}, {pair}"
        )

    def passed(self, judged: list[Judged]) -> bool:
        """Whether the limit is kept; where there is nothing to measure, it is."""
        values = [mark for mark, _ in self._marks(judged)]
        if not values:
            return True
        if self.each:
            return min(values) >= self.limit if self.least else max(values) <= self.limit
        return fmean(values) >= self.limit if self.least else fmean(values) <= self.limit

    def _marks(self, judged: list[Judged]) -> list[tuple[float, str]]:
        found = [(self.mark(one.scores), one.pair) for one in judged]
        return [(mark, pair) for mark, pair in found if mark is not None]


def _gain(scores: Scores) -> float | None:
    return scores.colour - scores.before if scores.before < ALIKE_BEFORE else None


GATES = [
    Gate("face difference, of 255", lambda scores: scores.face, 2, least=False, each=True),
    Gate("background SSIM", lambda scores: scores.background, 0.99, least=True),
    Gate("garment colour", lambda scores: scores.colour, 0.85, least=True),
    Gate("colour above before", _gain, 0.15, least=True, each=True),
    Gate("spill near the body", lambda scores: scores.spill, 0.08, least=False),
    Gate("hands kept", lambda scores: scores.hands, 0.8, least=True),
    Gate("pose drift", lambda scores: scores.drift, 0.10, least=False),
    Gate("mask overlap", lambda scores: scores.overlap, 0.88, least=True),
    Gate("features of patterns", lambda scores: scores.inliers, 60, least=True),
]


def all_passed(judged: list[Judged]) -> bool:
    return all(gate.passed(judged) for gate in GATES)
