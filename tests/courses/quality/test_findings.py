"""How faults become findings."""

from courses.models import QualitySettings
from courses.quality.findings import (
    DEFAULT_GRADE,
    DEFAULT_LEVELS,
    DEFAULT_MINUTES,
    PUBLISHING,
    Fault,
    Finding,
    Policy,
    judge,
    list_errors,
)


def test_the_policy_says_what_counts_and_errors_come_first() -> None:
    policy = Policy({**DEFAULT_LEVELS, "headings": "off", "explanations": "warning", "captions": "error"})
    faults = [Fault("explanations", "b"), Fault("headings", "c"), Fault("captions", "a", "id", "Block 1 (video)")]
    findings = judge(faults, policy, 7, "Lesson")
    assert findings == [
        Finding("captions", "error", "a", 7, "Lesson", "id", "Block 1 (video)"),
        Finding("explanations", "warning", "b", 7, "Lesson"),
    ]
    assert [finding.text for finding in findings] == ["Block 1 (video): a", "b"]
    assert list_errors(findings) == findings[:1]


def test_what_publishing_refuses_is_an_error_whatever_is_set() -> None:
    assert Policy({PUBLISHING: "off"}).level_of(PUBLISHING) == "error"


def test_settings_have_a_field_and_the_same_default_for_every_check() -> None:
    settings = QualitySettings()
    assert settings.levels == DEFAULT_LEVELS
    assert (settings.max_minutes, settings.max_grade) == (DEFAULT_MINUTES, DEFAULT_GRADE)


def test_a_finding_can_be_written_as_json() -> None:
    assert Finding("captions", "error", "a", 7, "Lesson").as_dict() == {
        "code": "captions",
        "level": "error",
        "message": "a",
        "page_id": 7,
        "page_title": "Lesson",
        "block_id": None,
        "place": "",
    }
