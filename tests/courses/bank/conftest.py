"""Editors and reviewers as ``manage.py setup`` makes them."""

from tests.courses.curriculum.conftest import editor, reviewer

__all__ = ["editor", "reviewer"]
