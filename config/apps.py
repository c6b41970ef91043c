from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """The app that joins all others."""

    name = "config"

    def ready(self) -> None:
        # Imported late: a check registers itself by its import.
        from catalog.search import checks as search_checks  # noqa: F401, PLC0415
        from config import checks  # noqa: F401, PLC0415
        from generations.engines import checks as engine_checks  # noqa: F401, PLC0415
