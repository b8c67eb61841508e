"""Pages of orders."""

from django.urls import path

from core.views.exports import export_list
from deals.views import orders

urlpatterns = [
    path("orders/", orders.OrderList.as_view(), name="order_list"),
    path("orders/export/", export_list, {"spec_key": "orders"}, name="order_export"),
    path("orders/<int:pk>/", orders.order_detail, name="order_detail"),
    path("customers/<int:pk>/orders/", orders.customer_orders, name="customer_orders"),
]
