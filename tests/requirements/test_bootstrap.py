"""The set-up script: one clear line for every way it can go wrong."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from requirements import bootstrap

SCRIPT = Path(bootstrap.__file__)
LOCKS = [SCRIPT.parent / "base.txt", SCRIPT.parent / "dev.txt"]


def test_script_parses_on_an_old_python():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_script_needs_the_standard_library_only():
    tree = ast.parse(SCRIPT.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) == {"cms"}
    serving = ast.parse((SCRIPT.parent.parent / "cms" / "serving.py").read_text())
    imports = {node.module for node in ast.walk(serving) if isinstance(node, ast.ImportFrom)}
    assert imports - set(sys.stdlib_module_names) == set()


def test_locks_hash_every_package_and_name_no_address():
    for lock in LOCKS:
        text = lock.read_text()
        assert "://" not in text
        requirements = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
        assert [item for item in requirements if "==" not in item or "--hash=sha256:" not in item] == []


def test_dev_lock_contains_all_of_the_base_lock():
    base, dev = ({line.split(" ")[0] for line in lock.read_text().splitlines() if "==" in line} for lock in LOCKS)
    assert base - dev == set()


def test_missing_library_names_the_exact_command(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "LIBRARIES", [("libno-such-thing.so.0", "no-such-thing", "libno-such-thing0")])
    monkeypatch.setattr(bootstrap, "FONTS", [("NoSuchFont*.ttf", "fonts-no-such")])
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.delenv("SKIP_SYSTEM", raising=False)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.install_system("base")
    assert stopped.value.code == 1
    assert capsys.readouterr().err == (
        "Missing on this system: libno-such-thing0, fonts-no-such. Run this, then try again: "
        "sudo apt-get install --yes --no-install-recommends libno-such-thing0 fonts-no-such "
        "(SKIP_SYSTEM=1 goes on without.)\n"
    )


def test_missing_library_can_be_done_without(monkeypatch):
    monkeypatch.setattr(bootstrap, "LIBRARIES", [("libno-such-thing.so.0", "no-such-thing", "libno-such-thing0")])
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("SKIP_SYSTEM", "1")
    bootstrap.install_system("base")


def test_package_that_apt_has_installed_is_not_asked_for_again(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "LIBRARIES", [("libno-such-thing.so.0", "no-such-thing", "libno-such-thing0")])
    monkeypatch.setattr(bootstrap, "FONTS", [])
    monkeypatch.setattr(bootstrap, "SYSTEM_STAMP", tmp_path / "stamp")
    assert bootstrap.missing_for_site("base") == ["libno-such-thing0"]
    bootstrap.remember_system(["libno-such-thing0"])
    assert bootstrap.missing_for_site("base") == []


def test_test_programs_are_wanted_for_tests_only(monkeypatch):
    monkeypatch.setattr(bootstrap, "LIBRARIES", [])
    monkeypatch.setattr(bootstrap, "FONTS", [])
    monkeypatch.setattr(bootstrap, "SYSTEM_STAMP", Path("/nowhere"))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    assert bootstrap.missing_for_site("base") == []
    assert bootstrap.missing_for_site("dev") == ["chromium", "poppler-utils", "nodejs", "npm"]
    assert bootstrap.missing_for_site("ci") == ["chromium", "poppler-utils", "nodejs", "npm", "postgresql"]


def test_old_python_without_a_newer_one_says_so(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "OLDEST", (4, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.find_python()
    version = ".".join(map(str, sys.version_info[:2]))
    assert (stopped.value.code, capsys.readouterr().err) == (
        1,
        f"Coursewright needs Python 4.2 or newer; this is Python {version} and no newer one is on the PATH.\n",
    )


def test_python_without_venv_names_the_package_together_with_all_others(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "ask_python", lambda python, code: "" if "ensurepip" in code else "3.11")
    monkeypatch.setattr(bootstrap, "missing_for_site", lambda profile: ["fonts-no-such"])
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.delenv("SKIP_SYSTEM", raising=False)
    with pytest.raises(SystemExit):
        bootstrap.install_system("base")
    assert capsys.readouterr().err == (
        "Missing on this system: python3.11-venv, fonts-no-such. Run this, then try again: "
        "sudo apt-get install --yes --no-install-recommends python3.11-venv fonts-no-such\n"
    )


def test_packages_are_installed_once_for_each_lock(monkeypatch, tmp_path):
    runs = []
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".installed")
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", sys.executable)
    monkeypatch.setattr(
        bootstrap.subprocess,
        "run",
        lambda command, **kwargs: runs.append(command[-1]) or subprocess.CompletedProcess(command, 0, b""),
    )
    for lock in ("base", "base", "dev", "dev", "base"):
        bootstrap.install_packages(lock)
    assert [Path(path).name for path in runs if path.endswith(".txt")] == ["base.txt", "dev.txt"]


def test_start_is_refused_before_anything_slow(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.delenv("DATA_DIR", raising=False)
    monkeypatch.setenv("PORT", "0")
    with pytest.raises(SystemExit) as stopped:
        bootstrap.refuse_hopeless_start()
    assert (stopped.value.code, capsys.readouterr().err) == (1, "PORT must be between 1 and 65535, not 0.\n")


def test_unknown_profile_is_refused():
    done = subprocess.run([sys.executable, str(SCRIPT), "everything"], capture_output=True, text=True, env=os.environ)
    assert (done.returncode, done.stderr) == (1, "Usage: python3 requirements/bootstrap.py base|run|dev|ci\n")
