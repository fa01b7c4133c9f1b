"""What the exam screens of the admin share: checked entry, breadcrumbs, pages, and numbers as people read them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from learners.accounts.models import User

PER_PAGE = 50


class Screen(WagtailAdminTemplateMixin, TemplateView):
    """Open to those for whom ``is_open_to`` says so, which is nobody until a screen says who. ``get_trail`` gives
    (address, label) of the screens above."""

    @staticmethod
    def is_open_to(user: Any) -> bool:
        return False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_open_to(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> User:
        """Somebody with a permission, so never anonymous."""
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 -- for the type checker
        return user

    def get_trail(self) -> list[tuple[str, Any]]:
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        trail = [{"url": url, "label": label} for url, label in self.get_trail()]
        return [*self.breadcrumbs_items, *trail, {"url": "", "label": self.get_page_title()}]

    def paginate(self, rows: "QuerySet[Any] | list[Any] | tuple[Any, ...]") -> "Page[Any]":
        """The page that ``?p=`` asks for; nonsense asks for the first, too much for the last."""
        return Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))


def describe_seconds(seconds: float | None) -> str:
    """ "45 s", "2 min 5 s"; a dash for nothing."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return gettext("%(seconds)d s") % {"seconds": whole}
    return gettext("%(minutes)d min %(seconds)d s") % {"minutes": whole // 60, "seconds": whole % 60}
