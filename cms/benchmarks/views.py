"""The bare views to compare with: as little as Django can do for the same job."""

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from courses.editions.models import Edition


def bare_document(request: HttpRequest, pk: int) -> HttpResponse:
    """One indexed SELECT of a document of the outline's size."""
    text = Edition.objects.values_list("outline", flat=True).get(pk=pk)
    return HttpResponse(text, content_type="application/json")


def bare_select(request: HttpRequest, pk: int) -> HttpResponse:
    """One indexed SELECT of two short columns and an empty answer."""
    Edition.objects.values_list("digest", "number").get(pk=pk)
    return HttpResponse(status=304)


@require_POST
def bare_upsert(request: HttpRequest) -> HttpResponse:
    """A signed-in POST with CSRF check and one upsert."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_upsert (user_id, payload) VALUES (%s, %s) "
            "ON CONFLICT (user_id) DO UPDATE SET payload = excluded.payload",
            [request.user.pk, request.body.decode()[:200]],
        )
    return HttpResponse(b'{"ok":true}', content_type="application/json")
