import json

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from shop.models import Order


def products(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM products WHERE name LIKE %s LIMIT 50", ["%" + request.GET["q"] + "%"])
        return JsonResponse({"products": cursor.fetchall()})


@login_required
def order(request, order_id):
    found = get_object_or_404(Order, pk=order_id, owner=request.user)
    return JsonResponse({"id": found.id, "total": found.total})


@login_required
def import_prices(request):
    prices = json.loads(request.body)
    return HttpResponse(len(prices))
