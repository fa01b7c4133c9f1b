"""The benchmark command: what may be measured alone, and that asking for something else is refused in a sentence."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cms.management.commands import bench
from cms.management.commands.bench import GROUPS, measure


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of measuring, every group says its name."""
    said: list[str] = []

    class Speaking:
        def __getattr__(self, function: str) -> Any:
            def say(scene: Any) -> list[str]:
                said.append(function)
                return [function]

            return say

    monkeypatch.setattr(bench, "import_module", lambda name: Speaking())
    return said


def test_everything_is_measured_unless_some_is_named(called: list[str]) -> None:
    scene: Any = None
    assert list(measure(scene, [])) == [function for _module, function in GROUPS.values()]
    called.clear()
    assert list(measure(scene, ["certificates", "outline"])) == ["measure_outline", "measure_certificates"]
    assert called == ["measure_outline", "measure_certificates"]  # nothing else has run


@pytest.mark.parametrize(("module", "function"), GROUPS.values())
def test_every_name_leads_to_something_that_measures(module: str, function: str) -> None:
    assert callable(getattr(bench.import_module(module), function))


def test_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(CommandError, match=r"invalid choice: 'speed'.*'certificates'"):
        call_command("bench", "--only", "speed")
