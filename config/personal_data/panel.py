"""Public pages that say what happens to people's data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import consents
from config.personal_data import photo_consent as text


@require_safe
def photo_consent(request: HttpRequest) -> HttpResponse:
    context = {
        "title": text.TITLE,
        "sections": text.SECTIONS,
        "version": consents.current_version(consents.PHOTOS),
    }
    return render(request, "legal/photo_consent.html", context)
