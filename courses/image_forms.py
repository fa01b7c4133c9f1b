"""Uploading images: a damaged file is refused in words, where Wagtail's own field fails on what Pillow cannot read."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.forms import BaseImageForm
from willow.svg import WillowSvgException


class ImageForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            check = field.check_image_pixel_size

            def check_readable(file: Any) -> None:
                # Wagtail looks at the first bytes only; measuring the picture is the first real reading of it.
                try:
                    check(file)
                    if not all(side >= 1 for side in file.image.get_size()):  # a drawing may say 0, or not a number
                        raise ValueError("nothing to see")
                except (OSError, SyntaxError, ValueError, WillowSvgException) as error:
                    raise ValidationError(field.error_messages["invalid_image"], code="invalid_image") from error

            field.check_image_pixel_size = check_readable
