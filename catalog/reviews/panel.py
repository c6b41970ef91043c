"""The page where a shop reads what buyers say, and answers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.reviews import reviewing
from catalog.reviews.forms import AnswerForm
from catalog.tables import Review
from catalog.tables.review import BEST
from core import storage
from shops.panel import PanelRequest, shop_required

PAGE_SIZE = 20
UNANSWERED = "unanswered"


@shop_required
@require_safe
def review_list(request: PanelRequest) -> HttpResponse:
    """Reviews of the shop's products, newest first: all, or those without an answer."""
    rows = Review.objects.filter(product__shop=request.shop).select_related("product", "user")
    state = request.GET.get("state", "")
    shown = rows.unanswered() if state == UNANSWERED else rows
    page = Paginator(shown.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "reviews": [_shown(review) for review in page],
        "state": state,
        "states": [
            ("", _("All"), rows.count()),
            (UNANSWERED, _("Not answered"), rows.unanswered().count()),
        ],
    }
    return render(request, "panel/reviews.html", context)


@shop_required
@require_POST
def answer_review(request: PanelRequest, pk: int) -> HttpResponse:
    """Say this below the review, in place of what was said before; nothing takes it away."""
    review = get_object_or_404(Review, pk=pk, product__shop=request.shop)
    form = AnswerForm(request.POST)
    if form.is_valid():
        reviewing.answer(review, form.cleaned_data["answer"])
        messages.success(request, _("Your answer is saved."))
    else:
        messages.error(request, " ".join(map(str, form.errors["answer"])))
    return redirect("panel-reviews")


def _shown(review: Review) -> dict[str, Any]:
    return {
        "review": review,
        "stars": "★" * review.rating + "☆" * (BEST - review.rating),
        "pictures": [storage.signed_url(name) for name in review.images],
        "form": AnswerForm({"answer": review.answer}, auto_id=f"answer-{review.pk}"),
    }
