from django.urls import path

from catalog.bulk import api, panel

api_urlpatterns = [
    path("shops/me/products/export", api.ProductExportView.as_view(), name="product-export"),
    path("shops/me/products/import", api.ProductImportsView.as_view(), name="product-imports"),
    path("shops/me/products/import/<int:pk>", api.ProductImportView.as_view()),
    path("shops/me/products/import/<int:pk>/confirm", api.ProductImportConfirmView.as_view()),
]
IMPORT = "panel/products/import/"
pages = [
    path(
        "panel/products/products.csv",
        panel.export_products,
        {"kind": "csv"},
        name="panel-products-csv",
    ),
    path(
        "panel/products/products.xlsx",
        panel.export_products,
        {"kind": "xlsx"},
        name="panel-products-xlsx",
    ),
    path(IMPORT, panel.import_products, name="panel-products-import"),
    path(f"{IMPORT}template.xlsx", panel.import_template, name="panel-products-template"),
    path(f"{IMPORT}<int:pk>/", panel.product_import, name="panel-product-import"),
    path(f"{IMPORT}<int:pk>/confirm/", panel.confirm_import, name="panel-product-import-confirm"),
    path(f"{IMPORT}<int:pk>/discard/", panel.discard_import, name="panel-product-import-discard"),
    path(f"{IMPORT}<int:pk>/errors.csv", panel.import_errors, name="panel-product-import-errors"),
]
