"""Pages of products and price books."""

from django.urls import path

from core.views.exports import export_list
from deals.views import price_books, products

urlpatterns = [
    path("products/", products.ProductList.as_view(), name="product_list"),
    path("products/export/", export_list, {"spec_key": "products"}, name="product_export"),
    path("products/options/", products.product_options, name="product_options"),
    path("products/new/", products.ProductCreate.as_view(), name="product_create"),
    path("products/<int:pk>/", products.ProductDetail.as_view(), name="product_detail"),
    path("products/<int:pk>/edit/", products.ProductUpdate.as_view(), name="product_update"),
    path("products/<int:pk>/delete/", products.ProductDelete.as_view(), name="product_delete"),
    path("price-books/", price_books.pricebook_list, name="pricebook_list"),
    path("price-books/new/", price_books.PriceBookCreate.as_view(), name="pricebook_create"),
    path("price-books/<int:pk>/", price_books.PriceBookDetail.as_view(), name="pricebook_detail"),
    path("price-books/<int:pk>/edit/", price_books.PriceBookUpdate.as_view(), name="pricebook_update"),
    path("price-books/<int:pk>/delete/", price_books.PriceBookDelete.as_view(), name="pricebook_delete"),
    path("price-books/<int:pk>/prices/new/", price_books.PriceCreate.as_view(), name="price_create"),
    path("prices/<int:pk>/", price_books.PriceUpdate.as_view(), name="price_update"),
    path("prices/<int:pk>/delete/", price_books.PriceDelete.as_view(), name="price_delete"),
]
