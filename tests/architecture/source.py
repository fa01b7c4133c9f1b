"""The project's own source files, for the tests that read code."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["courses", "learners", "certificates", "api", "cms"]


def source_files() -> list[Path]:
    """Every module that we wrote by hand, migrations left out, in order of folder and name."""
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
