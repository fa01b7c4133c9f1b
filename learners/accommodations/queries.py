"""Reading accommodations. The note is for staff and evidence: nothing here hands it to learners or managers."""

from django.db.models import QuerySet

from learners.accommodations.models import Accommodation


def get_accommodation(user_id: int) -> Accommodation | None:
    """What is in force for the person. One query."""
    return Accommodation.objects.filter(user_id=user_id, ended_at__isnull=True).first()


def list_accommodations(*, user_id: int | None = None) -> "QuerySet[Accommodation]":
    """All that were ever granted (to one person), the newest first, with the people they name. Slice it."""
    found = Accommodation.objects.select_related("user", "granted_by", "ended_by").order_by("-granted_at", "-pk")
    return found if user_id is None else found.filter(user_id=user_id)
