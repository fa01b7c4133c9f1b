"""The few statements that every write of progress ends with, written by hand.

Building and compiling them with the ORM took longer than the database takes to run them. Values go through the fields
as they would there, so both databases get what they would get from it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress

ROWS_A_STATEMENT = 50  # SQLite may allow no more than a thousand values
UNIT = ("enrolment_id", "lesson_key", "block_id")


def upsert_rows(rows: Sequence[BlockProgress], written: tuple[str, ...]) -> None:
    """Insert these rows; where a unit has one already, set the ``written`` fields. One statement for 50 rows."""
    fields = _row_fields()
    with connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS_A_STATEMENT):
            chunk = rows[first : first + ROWS_A_STATEMENT]
            values = [_to_database(field, row) for row in chunk for field in fields]
            cursor.execute(_upsert_sql(written, len(chunk)), values)


def update_enrolment(enrolment: Enrolment, written: tuple[str, ...]) -> None:
    """Set the ``written`` fields of this row as they are in memory."""
    with connection.cursor() as cursor:
        cursor.execute(_update_sql(written), _update_values(enrolment, written))


def update_enrolments(enrolments: Sequence[Enrolment], written: tuple[str, ...]) -> None:
    """The same for several rows: one statement that is prepared once."""
    if enrolments:
        with connection.cursor() as cursor:
            cursor.executemany(_update_sql(written), [_update_values(each, written) for each in enrolments])


def _update_values(enrolment: Enrolment, written: tuple[str, ...]) -> list[Any]:
    return [*(_to_database(Enrolment._meta.get_field(name), enrolment) for name in written), enrolment.pk]


def _to_database(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


@cache
def _row_fields() -> tuple[Any, ...]:
    return tuple(field for field in BlockProgress._meta.concrete_fields if not field.primary_key)


@cache
def _upsert_sql(written: tuple[str, ...], count: int) -> str:
    meta = BlockProgress._meta
    columns = [field.column for field in _row_fields()]
    row = f"({', '.join(['%s'] * len(columns))})"
    changes = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in (_column(BlockProgress, each) for each in written))
    return (
        f'INSERT INTO "{meta.db_table}" ({", ".join(_quote(name) for name in columns)}) '  # noqa: S608 -- our own names
        f"VALUES {', '.join([row] * count)} "
        f"ON CONFLICT ({', '.join(_quote(name) for name in UNIT)}) DO UPDATE SET {changes}"
    )


@cache
def _update_sql(written: tuple[str, ...]) -> str:
    meta = Enrolment._meta
    changes = ", ".join(f"{_quote(_column(Enrolment, name))} = %s" for name in written)
    return f'UPDATE "{meta.db_table}" SET {changes} WHERE "id" = %s'  # noqa: S608 -- our own names


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)


def _quote(name: str) -> str:
    return f'"{name}"'
