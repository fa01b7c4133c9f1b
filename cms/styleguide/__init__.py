"""The style guide: every component and page of the trainee site with invented content, in development only."""

from cms.styleguide.views import show_styleguide

__all__ = ["show_styleguide"]
