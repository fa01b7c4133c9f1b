"""The whole database as comparable values: proves that something changed nothing."""

from typing import Any

from django.apps import apps


def take_snapshot() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table by model, so that two snapshots can be compared."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
