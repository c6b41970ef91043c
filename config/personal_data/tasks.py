"""What the worker runs: deletions that are due, and copies that were asked for."""

from config.personal_data import erasure, export, withdrawal
from generations import photos


def make_export(export_id: int) -> None:
    export.make(export_id)


def finish_deletions() -> None:
    erasure.erase_left_files()
    withdrawal.delete_left_photos()


def delete_due_photos() -> int:
    return photos.delete(photos.due())


def delete_orphans() -> int:
    return photos.delete_orphans()


def clear_exports() -> None:
    export.clear_old()
