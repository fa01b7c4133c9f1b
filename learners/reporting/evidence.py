"""Evidence of one enrolment: what was studied on which edition, when, for how long, with which answers and results."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db.models import Prefetch
from django.utils import timezone

from courses.editions.canonical import sha256_hex, to_canonical_json
from courses.editions.queries import get_lesson_documents, get_outline
from learners.accommodations.models import Accommodation
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS
from learners.progress.arithmetic import Unit, total_seconds
from learners.progress.models import BlockProgress, Reopening
from learners.reporting.access import Viewer
from learners.reporting.moments import iso, moment, name_of, number
from learners.reporting.shapes import (
    AccommodationEvidence,
    AttemptEvidence,
    BlockEvidence,
    Evidence,
    ExtensionEvidence,
    GrantEvidence,
    LessonEvidence,
    ReopeningEvidence,
)
from learners.reporting.sittings import collect_attempts

UNSEALED = ("digest", "made_at", "viewer")


def find_enrolment(enrolment_id: int) -> Enrolment | None:
    """Anybody's enrolment with its learner and edition; ask ``access.find_viewer`` before showing any of it."""
    rows = Enrolment.objects.select_related("user", "edition").defer(*LONG_TEXTS)
    return rows.filter(pk=enrolment_id).first() if 0 < enrolment_id < 2**63 else None


def collect_evidence(enrolment: Enrolment, *, viewer: Viewer) -> Evidence:
    """Everything the rows say of ``enrolment``, in the order of its edition; what it no longer has comes last.

    A reading of rows: nothing is computed from today's content. Ten queries (two fewer for an edition read before),
    however long the course and however many the attempts. The answer key is never part of it; the marks of single
    questions are left out for the learner, to whom each quiz's review policy shows them (``learners.exams.review``);
    the notes of accommodations are for staff.
    """
    evidence = cast(
        Evidence,
        {
            "learner": {
                "id": enrolment.user_id,
                "name": enrolment.user.name,
                "email": enrolment.user.email,
                "time_zone": enrolment.user.time_zone,
            },
            "course": _course(enrolment),
            "enrolment": _enrolment(enrolment),
            "grants": _grants(enrolment),
            "extensions": _extensions(enrolment),
            "accommodations": _accommodations(enrolment, viewer),
            "lessons": _lessons(enrolment, viewer),
        },
    )
    evidence["digest"] = digest_of(evidence)
    evidence["made_at"], evidence["viewer"] = iso(timezone.now()), viewer
    return evidence


def digest_of(evidence: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON without ``digest``, ``made_at`` and ``viewer``: what anybody can check again."""
    return sha256_hex(to_canonical_json({name: value for name, value in evidence.items() if name not in UNSEALED}))


def _course(enrolment: Enrolment) -> dict[str, Any]:
    facts = get_outline(enrolment.edition_id, enrolment.edition.digest)["course"]
    return {
        "id": str(enrolment.course_key),
        "title": enrolment.edition.title,
        "edition": enrolment.edition.number,
        "edition_digest": enrolment.edition.digest,
        "passing_percentage": facts["passing_percentage"],
    }


def _enrolment(enrolment: Enrolment) -> dict[str, Any]:
    moments = ("enrolled_at", "started_at", "completed_at", "due_at", "overdue_at", "expired_at")
    return {
        "id": enrolment.pk,
        "cycle": enrolment.cycle,
        "state": enrolment.state,
        "percent": enrolment.percent,
        "score": number(enrolment.score),
        "seconds_spent": enrolment.seconds_spent,
    } | {name: moment(getattr(enrolment, name)) for name in moments}


def _grants(enrolment: Enrolment) -> list[GrantEvidence]:
    grants = enrolment.user.grants.filter(course_key=enrolment.course_key).order_by("starts_at", "pk")
    return [
        {
            "source": grant.source,
            "reference": grant.reference,
            "starts_at": iso(grant.starts_at),
            "ends_at": moment(grant.ends_at),
        }
        for grant in grants
    ]


def _extensions(enrolment: Enrolment) -> list[ExtensionEvidence]:
    extensions = enrolment.extensions.select_related("granted_by").order_by("created_at", "pk")
    return [
        {
            "due_at": iso(extension.due_at),
            "note": extension.note,
            "granted_by": name_of(extension.granted_by),
            "created_at": iso(extension.created_at),
        }
        for extension in extensions
    ]


def _accommodations(enrolment: Enrolment, viewer: Viewer) -> list[AccommodationEvidence]:
    rows = Accommodation.objects.filter(user_id=enrolment.user_id).select_related("granted_by")
    return [
        {
            "time_factor": str(row.time_factor),
            "extra_attempts": row.extra_attempts,
            "is_untimed": row.is_untimed,
            "note": row.note if viewer == "staff" else "",
            "granted_by": name_of(row.granted_by),
            "granted_at": iso(row.granted_at),
            "ended_at": moment(row.ended_at),
        }
        for row in rows.order_by("granted_at", "pk")
    ]


def _lessons(enrolment: Enrolment, viewer: Viewer) -> list[LessonEvidence]:
    outline = get_outline(enrolment.edition_id, enrolment.edition.digest)
    documents = get_lesson_documents(enrolment.edition_id)
    reopenings = Reopening.objects.select_related("reopened_by").order_by("created_at", "pk")
    rows = {
        (str(row.lesson_key), str(row.block_id)): row
        for row in BlockProgress.objects.filter(enrolment_id=enrolment.pk)
        .select_related("edition")
        .defer("recent_events", "edition__outline", "edition__contents")
        .prefetch_related(Prefetch("reopenings", reopenings))
    }
    attempts = collect_attempts(enrolment, viewer)
    # What a cycle for the changes alone was given lies before its own beginning; see learners.progress.delta_cycles.
    earlier = {
        unit
        for unit, row in rows.items()
        if enrolment.cycle > 1 and row.completed_at is not None and row.completed_at < enrolment.enrolled_at
    }
    lessons = []
    for module in outline["modules"]:
        for lesson in module["lessons"]:
            key = lesson["id"]
            document = documents[key]
            blocks = [
                _block(dict(block), rows.pop((key, block["id"]), None), attempts.pop((key, block["id"]), []))
                for block in document["blocks"]
            ]
            gone = _gone_blocks(key, rows, attempts)
            lessons.append(
                _lesson(key, lesson["title"], module["title"], True, rows.pop((key, key), None), blocks + gone)
            )
    left = sorted({lesson for lesson, _block_id in [*rows, *attempts]})
    for key in left:
        gone = _gone_blocks(key, rows, attempts)
        lessons.append(_lesson(key, "", "", False, rows.pop((key, key), None), gone))
    for each in lessons:
        for told in each["blocks"]:
            told["is_from_earlier_cycle"] = (each["id"], told["id"]) in earlier
    return lessons


def _lesson(
    key: str, title: str, module: str, is_in_edition: bool, row: BlockProgress | None, blocks: list[BlockEvidence]
) -> LessonEvidence:
    moments = [row.started_at] if row else []
    moments += [datetime.fromisoformat(block["started_at"]) for block in blocks if block["started_at"]]
    accessed = [row.last_accessed_at] if row else []
    accessed += [datetime.fromisoformat(block["last_accessed_at"]) for block in blocks if block["last_accessed_at"]]
    return {
        "id": key,
        "title": title,
        "module": module,
        "is_in_edition": is_in_edition,
        "opened_at": moment(min(moments, default=None)),
        "last_accessed_at": moment(max(accessed, default=None)),
        "blocks": blocks,
    }


def _gone_blocks(
    lesson_id: str, rows: dict[Unit, BlockProgress], attempts: dict[Unit, list[AttemptEvidence]]
) -> list[BlockEvidence]:
    """Blocks of the lesson that were studied but are not in the edition, taken out of ``rows`` and ``attempts``."""
    units = {unit for unit in [*rows, *attempts] if unit[0] == lesson_id and unit[1] != lesson_id}
    gone = []
    for unit in sorted(units):
        sittings = attempts.pop(unit, [])
        block = {"id": unit[1], "type": "quiz" if sittings else "", "is_required": False, "is_gone": True}
        gone.append(_block(block, rows.pop(unit, None), sittings))
    return gone


def _block(block: dict[str, Any], row: BlockProgress | None, attempts: list[AttemptEvidence]) -> BlockEvidence:
    watched = [[float(start), float(end)] for start, end in row.watched] if row else []
    return {
        "id": block["id"],
        "type": block["type"],
        "title": str(block.get("title") or block.get("caption") or ""),
        "is_required": block["is_required"],
        "is_in_edition": not block.get("is_gone", False),
        "is_from_earlier_cycle": False,
        "edition": row.edition.number if row and row.edition else None,
        "state": row.state if row else "not_started",
        "started_at": moment(row.started_at) if row else None,
        "completed_at": moment(row.completed_at) if row else None,
        "last_accessed_at": moment(row.last_accessed_at) if row else None,
        "clock_started_at": moment(row.clock_started_at) if row else None,
        "deadline_at": moment(row.deadline_at) if row else None,
        "reopenings": [_reopening(each) for each in row.reopenings.all()] if row else [],
        "seconds_spent": row.seconds_spent if row else 0,
        "position": row.position if row else 0.0,
        "duration": block.get("duration"),
        "watched": watched,
        "watched_seconds": round(total_seconds((start, end) for start, end in watched), 2),
        "score": number(row.score) if row else None,
        "attempts": attempts,
    }


def _reopening(reopening: Reopening) -> ReopeningEvidence:
    return {
        "clock_started_at": iso(reopening.clock_started_at),
        "deadline_at": moment(reopening.deadline_at),
        "note": reopening.note,
        "reopened_by": name_of(reopening.reopened_by),
        "created_at": iso(reopening.created_at),
    }
