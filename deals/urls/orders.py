"""Pages of orders."""

from django.urls import path

from core.views.exports import export_list
from deals import views

app_name = "deals"

urlpatterns = [
    path("orders/", views.OrderList.as_view(), name="order_list"),
    path("orders/export/", export_list, {"spec_key": "orders"}, name="order_export"),
    path("orders/<int:pk>/", views.order_detail, name="order_detail"),
    path("customers/<int:pk>/orders/", views.customer_orders, name="customer_orders"),
]
