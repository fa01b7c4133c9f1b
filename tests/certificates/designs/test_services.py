"""Freezing: a revision once, by digest, and never changed by what editors do afterwards."""

import pytest

from certificates.designs.queries import load_design
from certificates.designs.services import compile_design, freeze_design
from certificates.models import DesignAsset, DesignSnapshot
from tests.factories.certificates import make_design, make_image

pytestmark = pytest.mark.django_db


def test_publishing_freezes_the_design(django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        design = make_design()
    assert DesignSnapshot.objects.get().revision == design.live_revision_id


def test_frozen_design_comes_back_with_its_pictures() -> None:
    sign = {"name": "Ann", "role": "Head", "signature": make_image("Sign")}
    design = make_design(background=make_image("Paper", colour="beige"), signatories=[sign])
    snapshot = freeze_design(design)
    assert load_design(snapshot.pk) == compile_design(design)
    assert DesignAsset.objects.count() == 2


def test_freezing_again_takes_one_query(django_assert_num_queries: object) -> None:
    design = make_design()
    snapshot = freeze_design(design)
    with django_assert_num_queries(1):
        assert freeze_design(design) == snapshot
    freeze_design(None)
    with django_assert_num_queries(1):
        assert freeze_design(None).body["name"] == "Built-in"


def test_next_revision_is_another_snapshot() -> None:
    design = make_design()
    before = freeze_design(design)
    design.accent_colour = "#444444"
    design.save_revision().publish()
    design.refresh_from_db()
    after = freeze_design(design)
    assert (before.pk == after.pk, after.body["colours"]["accent"]) == (False, "#444444")


def test_draft_does_not_count() -> None:
    design = make_design()
    design.accent_colour = "#444444"
    design.save_revision()
    design.refresh_from_db()
    assert freeze_design(design).body["colours"]["accent"] == "#173f3a"


def test_picture_replaced_in_the_library_waits_for_the_next_publication() -> None:
    logo = make_image("Logo")
    design = make_design(logo=logo)
    before = freeze_design(design)
    logo.file = make_image("Other", colour="red").file
    logo.save()
    assert freeze_design(design) == before
    design.refresh_from_db()
    assert load_design(before.pk).pictures != compile_design(design).pictures
