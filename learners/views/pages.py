"""Numbered pages of a list, as the pagination component shows them, keeping the filters of the address."""

from typing import Any

from django.core.paginator import Page

from learners.views.cards import Pagination


def make_pagination(page: "Page[Any]", query: str = "") -> Pagination:
    """``query`` is what the address says besides the page, encoded, such as ``q=ann&status=overdue``."""
    prefix = f"?{query}&page=" if query else "?page="
    return Pagination(
        number=page.number,
        pages=page.paginator.num_pages,
        previous_url=f"{prefix}{page.previous_page_number()}" if page.has_previous() else None,
        next_url=f"{prefix}{page.next_page_number()}" if page.has_next() else None,
        links=[
            {"number": number, "url": f"{prefix}{number}", "is_current": number == page.number}
            for number in page.paginator.get_elided_page_range(page.number)
            if isinstance(number, int)
        ],
    )
