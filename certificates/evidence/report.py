"""Evidence as a printed report: the same facts as the JSON, which is attached to it."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from certificates.evidence.pack import EvidencePack
from certificates.rendering import render_report
from courses.editions.canonical import to_canonical_json
from learners.accounts.queries import find_zone


def render_evidence(pack: EvidencePack) -> bytes:
    """The PDF of this very reading. Its moments are in the learner's time zone, named on the first page."""
    with translation.override("en"), timezone.override(find_zone(pack["learner"]["time_zone"])):
        context = {"pack": pack, "summary": summary(pack), "zone": timezone.get_current_timezone_name()}
        html = render_to_string("evidence/report.html", context)
    return render_report(
        html,
        made_at=datetime.fromisoformat(pack["made_at"]),
        attachments={"evidence.json": to_canonical_json(pack).encode()},
    )


def file_name(pack: EvidencePack, ending: str) -> str:
    return f"evidence-{pack['enrolment']['id']}-{pack['digest'][:8]}.{ending}"


def summary(pack: EvidencePack) -> dict[str, Any]:
    """The numbers at the head of page and report."""
    blocks = [block for lesson in pack["lessons"] for block in lesson["blocks"]]
    required = [block for block in blocks if block["is_required"] and block["is_in_edition"]]
    attempts = [attempt for block in blocks for attempt in block["attempts"]]
    return {
        "required_done": sum(block["state"] == "completed" for block in required),
        "required_total": len(required),
        "attempts": len(attempts),
        "regrades": sum(grading["kind"] == "regrade" for attempt in attempts for grading in attempt["gradings"]),
        "watched_seconds": round(sum(block["watched_seconds"] for block in blocks)),
    }
