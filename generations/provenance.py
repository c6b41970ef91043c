"""The mark on every picture an engine made: a label people see, and metadata machines read.

The law of Kazakhstan on artificial intelligence (No. 230-VIII of 17 November 2025) asks for both.
The metadata is IPTC's DigitalSourceType in XMP, "compositeWithTrainedAlgorithmicMedia":
https://cv.iptc.org/newscodes/digitalsourcetype/
"""

import hashlib
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

LABEL = "AI · Leema"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" \
Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}"/></rdf:RDF></x:xmpmeta>"""
QUALITY = 90
SHARE_OF_SIDE = 45  # the letters are as high as this part of the longer side
INK, PLATE = (255, 255, 255, 255), (0, 0, 0, 120)


def mark(jpeg: bytes) -> bytes:
    """Return the picture with the label in its lower right corner and the mark in its metadata."""
    picture = Image.open(BytesIO(jpeg)).convert("RGBA")
    labelled = Image.alpha_composite(picture, _label_layer(picture.size)).convert("RGB")
    output = BytesIO()
    labelled.save(output, "JPEG", quality=QUALITY, xmp=XMP.encode())
    return output.getvalue()


def fingerprint(picture: bytes) -> str:
    """What a picture is recognised by later, wherever it turns up unchanged."""
    return hashlib.sha256(picture).hexdigest()


def _label_layer(size: tuple[int, int]) -> Image.Image:
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    letters = max(10, max(size) // SHARE_OF_SIDE)
    font = ImageFont.load_default(letters)
    left, top, right, bottom = draw.textbbox((0, 0), LABEL, font=font)
    pad = letters // 2
    x, y = size[0] - (right - left) - 2 * pad, size[1] - (bottom - top) - 2 * pad
    plate = (x - pad // 2, y - pad // 2, size[0] - pad, size[1] - pad)
    draw.rounded_rectangle(plate, radius=pad, fill=PLATE)
    draw.text((x, y - top), LABEL, font=font, fill=INK)
    return layer
