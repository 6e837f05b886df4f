from django.urls import path

from shop import views

urlpatterns = [
    path("products/", views.products),
    path("orders/<int:order_id>/", views.order),
    path("import/", views.import_prices),
]
