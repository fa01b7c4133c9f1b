"""What reading a question analysis costs, however many attempts it was counted from."""

import time
from datetime import timedelta

from cms.benchmarks.load import update_statistics
from learners.exams.models import Attempt, ItemStatistics
from learners.exams.statistics import count_attempts, get_analysis

ROUNDS = 60


def time_analysis(template: Attempt, total: int) -> float:
    """The shortest of several readings, in seconds, once all of the quiz's ``total`` attempts have been counted.

    The database's statistics are taken after the count, as a site in use has them: of an index that is nearly empty.
    Taken while every attempt waits, they say that it holds the whole table, and the planner reads the table instead.
    """
    count_attempts(timedelta(minutes=10))
    update_statistics()
    row = ItemStatistics.objects.get(edition_id=template.edition_id, block_id=template.block_id)
    if row.attempts < total - 1:
        raise RuntimeError(f"Only {row.attempts} of {total} attempts were counted.")
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        get_analysis(row.pk)
        times.append(time.perf_counter() - start)
    return min(times)
