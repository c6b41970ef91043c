"""The providers of pictures, as their published protocols tell; the adapters name the sources.

`trouble` is what a provider says instead of the next pictures.
"""

import base64
import json
from io import BytesIO
from typing import ClassVar

from PIL import Image

from core.tests.fake_server import Answer, FakeServer

TOKEN = "the-platforms-key"


def jpeg(colour=(20, 140, 90), size=(640, 800)):
    output = BytesIO()
    Image.new("RGB", size, colour).save(output, "JPEG")
    return output.getvalue()


def said(body, status=200):
    return Answer(json.dumps(body).encode(), status)


def data_url(content):
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"


class Provider(FakeServer):
    """`picture` is what it makes; `troubles` maps our codes to what it says when that happens."""

    troubles: ClassVar[dict[str, list]] = {}

    def __init__(self):
        super().__init__()
        self.picture = jpeg()
        self.trouble = None
        self.polls_until_ready = 1
        self.works = {}

    def answer(self, asked):
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.unauthorized()
        return self.obey(asked)

    def unauthorized(self):
        return said({"error": "UnauthorizedAccess", "message": "Invalid token"}, 401)

    def begun(self):
        """How many pictures somebody has to pay for."""
        return len(self.works)


class FakeFashn(Provider):
    troubles: ClassVar = {
        "provider_quota": [("run", 429, "OutOfCredits")],
        "provider_rate_limit": [("run", 429, "RateLimitExceeded")],
        "provider_busy": [("run", 429, "ConcurrencyLimitExceeded")],
        "provider_unavailable": [
            ("run", 500, "InternalServerError"),
            ("status", "failed", "PipelineError"),
            ("status", "failed", "ThirdPartyError"),
        ],
        "no_person": [("status", "failed", "PoseError")],
        "image_unreadable": [("status", "failed", "ImageLoadError")],
        "content_blocked": [("status", "failed", "ContentModerationError")],
        "provider_bad_response": [
            ("run", 400, "BadRequest"),
            ("status", "failed", "SomethingNew"),
            ("status", "canceled", None),
        ],
    }

    def settings(self):
        return {"FASHN_URL": self.url, "FASHN_API_KEY": TOKEN}

    def obey(self, asked):
        if asked.path == "/v1/run":
            return self.run(asked.json)
        number = asked.path.removeprefix("/v1/status/")
        return self.status(number)

    def run(self, body):
        if self.trouble and self.trouble[0] == "run":
            return said({"error": self.trouble[2], "message": "…"}, self.trouble[1])
        inputs = body["inputs"]
        assert body["model_name"] == "tryon-v1.6"
        assert inputs["return_base64"] is True
        assert inputs["category"] in {"auto", "tops", "bottoms", "one-pieces"}
        for name in ("model_image", "garment_image"):
            assert inputs[name].startswith("data:image/jpeg;base64,")
        number = f"123a87r9-{len(self.works)}-u1"
        self.works[number] = self.polls_until_ready
        return said({"id": number, "error": None})

    def status(self, number):
        if number not in self.works:
            return said({"error": "NotFound", "message": "Prediction not found"}, 404)
        if self.trouble and self.trouble[0] == "status":
            _where, status, name = self.trouble
            error = {"name": name, "message": "…"} if name else None
            return said({"id": number, "status": status, "error": error})
        if self.works[number]:
            self.works[number] -= 1
            return said({"id": number, "status": "processing", "error": None})
        output = [data_url(self.picture)]
        return said({"id": number, "status": "completed", "output": output, "error": None})


class FakeReplicate(Provider):
    troubles: ClassVar = {
        "provider_quota": [("begin", 402)],
        "provider_rate_limit": [("begin", 429)],
        "provider_unavailable": [("begin", 503)],
        "provider_bad_response": [
            ("begin", 422),
            ("failed", "CUDA out of memory"),
            ("canceled", None),
        ],
        "content_blocked": [("failed", "NSFW content detected. Try running it again.")],
    }

    def __init__(self):
        super().__init__()
        self.link = ""
        self.stopped = []

    def settings(self):
        host = self.url.removeprefix("http://")
        return {
            "REPLICATE_URL": self.url,
            "REPLICATE_TOKEN": TOKEN,
            "REPLICATE_VERSION": "5c7d5dc6",
            "REPLICATE_FILE_HOSTS": [host],
        }

    def answer(self, asked):
        if asked.path.startswith("/files/"):
            return Answer(self.picture, content_type="image/jpeg")
        return super().answer(asked)

    def obey(self, asked):
        if asked.method == "POST" and asked.path == "/v1/predictions":
            return self.begin(asked.json)
        number, _, act = asked.path.removeprefix("/v1/predictions/").partition("/")
        if act == "cancel":
            self.stopped.append(number)
            return said({"id": number, "status": "canceled"})
        return self.status(number)

    def begin(self, body):
        if self.trouble and self.trouble[0] == "begin":
            return said({"title": "…", "detail": "…"}, self.trouble[1])
        assert body["version"] == "5c7d5dc6"
        assert body["input"]["person"].startswith("data:image/jpeg;base64,")
        number = f"ufawqhfynnddngldkgtslldrk{len(self.works)}"
        self.works[number] = self.polls_until_ready
        return said({"id": number, "status": "starting", "output": None, "error": None}, 201)

    def status(self, number):
        if number not in self.works:
            return said({"detail": "Not found."}, 404)
        if self.trouble:
            status, error = self.trouble
            return said({"id": number, "status": status, "error": error, "output": None})
        if self.works[number]:
            self.works[number] -= 1
            return said({"id": number, "status": "processing", "output": None, "error": None})
        link = self.link or f"{self.url}/files/{number}/out.jpg"
        return said({"id": number, "status": "succeeded", "output": link, "error": None})


class FakeCog(Provider):
    troubles: ClassVar = {
        "provider_busy": [409, "processing"],
        "provider_unavailable": [503],
        "provider_bad_response": [422, "failed"],
    }

    def settings(self):
        return {"COG_URL": self.url, "COG_TOKEN": TOKEN}

    def obey(self, asked):
        assert asked.method == "PUT"
        number = asked.path.removeprefix("/predictions/")
        assert set(asked.json["input"]) == {"person", "garment", "category", "seed"}
        if isinstance(self.trouble, int):
            return said({"detail": "…"}, self.trouble)
        if self.trouble:
            return said({"id": number, "status": self.trouble, "error": "CUDA out of memory"})
        self.works[number] = 0
        return said({"id": number, "status": "succeeded", "output": data_url(self.picture)})


class FakeGoogle(Provider):
    """Vertex AI: `:predict` of Virtual Try-On."""

    troubles: ClassVar = {
        "provider_rate_limit": [(429, "RESOURCE_EXHAUSTED", "Quota exceeded")],
        "provider_auth": [(403, "PERMISSION_DENIED", "…")],
        "provider_unavailable": [(503, "UNAVAILABLE", "…")],
        "provider_timeout": [(504, "DEADLINE_EXCEEDED", "…")],
        "provider_bad_response": [(400, "INVALID_ARGUMENT", "Image is not valid."), "nothing"],
        "content_blocked": [
            (400, "INVALID_ARGUMENT", "violates our Responsible AI practices"),
            "filtered",
        ],
    }

    def settings(self):
        return {
            "GOOGLE_AI_URL": self.url,
            "GOOGLE_AI_KEY": TOKEN,
            "GOOGLE_TRY_ON_MODEL": "virtual-try-on-001",
        }

    def answer(self, asked):
        if asked.headers.get("x-goog-api-key") != TOKEN:
            return self.refusal(401, "UNAUTHENTICATED", "…")
        if isinstance(self.trouble, tuple):
            return self.refusal(*self.trouble)
        self.works[len(self.works)] = 0
        return said(self.made(asked))

    def refusal(self, status, name, message):
        return said({"error": {"code": status, "message": message, "status": name}}, status)

    def made(self, asked):
        assert asked.path.endswith("/models/virtual-try-on-001:predict")
        [instance] = asked.json["instances"]
        assert instance["personImage"]["image"]["bytesBase64Encoded"]
        [garment] = instance["productImages"]
        assert garment["image"]["bytesBase64Encoded"]
        if self.trouble == "nothing":
            return {"predictions": []}
        if self.trouble == "filtered":
            return {"predictions": [{"raiFilteredReason": "Support codes: 39322892"}]}
        body = base64.b64encode(self.picture).decode()
        return {"predictions": [{"mimeType": "image/jpeg", "bytesBase64Encoded": body}]}


class FakeGemini(FakeGoogle):
    """Vertex AI: `:generateContent` of a Gemini image model."""

    troubles: ClassVar = {
        **FakeGoogle.troubles,
        "content_blocked": [*FakeGoogle.troubles["content_blocked"], "blocked"],
    }

    def settings(self):
        models = {"GOOGLE_TRY_ON_MODEL": "gemini-image", "GOOGLE_DESIGN_MODEL": "gemini-image"}
        return {**super().settings(), **models}

    def made(self, asked):
        assert asked.path.endswith("/models/gemini-image:generateContent")
        assert asked.json["generationConfig"]["responseModalities"] == ["IMAGE"]
        if self.trouble == "nothing":
            return {"candidates": [{"content": {"parts": [{"text": "Sorry."}]}}]}
        if self.trouble == "filtered":
            return {"candidates": [{"finishReason": "IMAGE_SAFETY"}]}
        if self.trouble == "blocked":
            return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
        body = base64.b64encode(self.picture).decode()
        part = {"inlineData": {"mimeType": "image/png", "data": body}}
        return {"candidates": [{"content": {"parts": [part]}, "finishReason": "STOP"}]}
