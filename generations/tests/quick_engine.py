"""An engine that needs no time, for tests that are about money."""

from io import BytesIO

from PIL import Image

from generations.engines.base import GenerationError, Picture

HOPELESS = "nothing to draw"


class QuickEngine:
    def design(self, request):
        if request.prompt == HOPELESS:
            raise GenerationError("prompt_no_garment")
        output = BytesIO()
        Image.new("RGB", (16, 16), (200, 30, 60)).save(output, "JPEG")
        return Picture(output.getvalue(), "quick", "1", request.seed)
