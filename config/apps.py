from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """The app that joins all others."""

    name = "config"

    def ready(self) -> None:
        # Imported late: a check registers itself by its import.
        from config import checks  # noqa: F401, PLC0415
        from generations.engines import checks as engine_checks  # noqa: F401, PLC0415
