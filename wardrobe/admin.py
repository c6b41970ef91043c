"""Wardrobes in the administrators' site: what is in them, without their private pictures."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from wardrobe.models import Collection, Outfit, UserWardrobeItem, Wear


@admin.register(UserWardrobeItem)
class WardrobeItemAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "source", "category", "shop_name", "created_at"]
    list_filter = ["source", "category", "created_at"]
    list_select_related = ["user", "category"]
    search_fields = ["name", "user__email", "user__name"]
    ordering = ["-pk"]
    fields = ["name", "user", "source", "original_product", "generation", "category"]
    fields += ["shop_name", "price", "created_at", "updated_at"]


@admin.register(Outfit)
class OutfitAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "is_favorite", "shared_until", "created_at"]
    list_filter = ["is_favorite", "created_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__email", "user__name"]
    ordering = ["-pk"]
    fields = ["name", "user", "description", "is_favorite", "shared_until"]
    fields += ["created_at", "updated_at"]


@admin.register(Wear)
class WearAdmin(ReadOnlyAdmin):
    list_display = ["day", "item", "user", "outfit", "is_planned"]
    list_filter = ["is_planned", "day"]
    list_select_related = ["user", "item", "outfit"]
    search_fields = ["item__name", "user__email", "user__name"]
    ordering = ["-pk"]
    fields = ["day", "item", "user", "outfit", "is_planned"]


@admin.register(Collection)
class CollectionAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__email", "user__name"]
    ordering = ["-pk"]
    fields = ["name", "user", "created_at", "updated_at"]
