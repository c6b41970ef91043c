"""What the worker runs: fetch the row, hand it to the domain."""

from generations import cutting, pipeline
from generations.models import EngineCall


def run_generation(generation_id: int) -> None:
    pipeline.run(generation_id)


def cut_out_item(item_id: int) -> None:
    cutting.cut_out(item_id)


def sweep_generations() -> None:
    pipeline.sweep()


def clear_engine_calls() -> int:
    return EngineCall.objects.outdated().delete()[0]
