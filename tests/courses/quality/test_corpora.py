"""Real courses that nobody here wrote: what the checks say about them is true and can be read in one go."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from courses.models import CataloguePage, CoursePage
from courses.packs.apply import apply_pack
from courses.packs.reader import read_pack
from courses.quality.checking import check_course

PACKS = Path(settings.BASE_DIR).parent / "shared" / "corpora" / "coursepacks"

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not PACKS.exists(), reason="the corpora are not at hand"),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Its Markdown links to files of its repository that are no lessons; 29 files were never brought along.
        (
            "iot-for-beginners",
            {"broken_links": 25, "advice": 29, "explanations": 28, "hosted_captions": 17, "catalogue_card": 2},
        ),
        ("security-101", {"hosted_captions": 24, "reading_level": 3, "catalogue_card": 2}),
    ],
)
def test_findings_are_few_and_true(catalogue: CataloguePage, name: str, expected: dict[str, int]) -> None:
    apply_pack(read_pack(PACKS / name), publish=False)
    findings = check_course(CoursePage.objects.get())
    assert Counter(finding.code for finding in findings) == expected
    assert {finding.code for finding in findings if finding.level == "error"} <= {"broken_links"}
