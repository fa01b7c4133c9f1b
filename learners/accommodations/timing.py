"""How long a person gets: pure arithmetic of the time factor."""

import math
from decimal import Decimal
from fractions import Fraction

MINUTE = 60


def allowed_seconds(base_seconds: int | None, *, time_factor: Decimal, is_untimed: bool) -> int | None:
    """The seconds somebody with this accommodation gets; ``None`` means no limit.

    A limit that is stretched is rounded up to the full minute, so that the minutes on the screen are the minutes given;
    one that is not stretched stays as it is. Never less than ``base_seconds``.
    """
    if base_seconds is None or is_untimed:
        return None
    if time_factor <= 1:
        return base_seconds
    return math.ceil(Fraction(time_factor) * base_seconds / MINUTE) * MINUTE
