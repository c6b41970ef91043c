"""Wardrobes in the administrators' site: what is in them, without their private pictures."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from wardrobe.models import UserWardrobeItem


@admin.register(UserWardrobeItem)
class WardrobeItemAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "source", "category", "shop_name", "created_at"]
    list_filter = ["source", "category", "created_at"]
    list_select_related = ["user", "category"]
    search_fields = ["name", "user__email", "user__name"]
    ordering = ["-pk"]
    fields = ["name", "user", "source", "original_product", "generation", "category"]
    fields += ["shop_name", "price", "created_at", "updated_at"]
