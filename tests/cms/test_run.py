"""One command serves everything, says in one line why it cannot, and leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError

from cms.management.commands.run import Child, make_children, stop_all, wait_for_answer, watch
from cms.settings.env import BASE_DIR


@pytest.fixture
def surroundings(tmp_path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "PYTEST"))}
    return clean | {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def run_site(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "run", *arguments], cwd=BASE_DIR, env=environment, capture_output=True, text=True
    )


def sleeper(name: str = "sleeper", seconds: int = 60) -> Child:
    """A process with a child of its own, as a reloading server has."""
    inner = f"import time; time.sleep({seconds})"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{inner}'])"
    return Child(name, [sys.executable, "-c", outer])


def process_group(pid: int) -> list[int]:
    """Living members of a process group, zombies left out."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rsplit(")", 1)[1].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if group == str(pid) and state != "Z":
            members.append(int(stat.parent.name))
    return members


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(condition, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def keep_signals():
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_run_on_a_taken_port_says_so_in_one_line(surroundings):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = run_site(surroundings, f"--port={port}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"CommandError: Port {port} on 127.0.0.1 cannot be used (Address already in use). "
        f"Choose another one: make run PORT={port + 1}\n"
    )


def test_run_without_a_database_says_so_in_one_line(surroundings, port):
    done = run_site(surroundings | {"DATABASE_URL": "postgres://nobody:secret@127.0.0.1:9/none"}, f"--port={port}")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("CommandError: The database on 127.0.0.1 does not answer: ")
    assert "secret" not in done.stderr


def test_children_are_web_worker_and_scheduler(settings):
    settings.DEBUG = False
    web, worker, scheduler = make_children("127.0.0.1", "8123")
    assert [child.name for child in (web, worker, scheduler)] == ["web", "worker", "scheduler"]
    assert web.command[web.command.index("--bind") + 1] == "127.0.0.1:8123"
    assert worker.command[2:5] == ["db_worker", "--queue-name", "*"]
    assert scheduler.command[2:] == ["tick", "--loop"]
    assert ("--reload" in web.command) is False


def test_stopping_leaves_no_grandchild(keep_signals):
    child = sleeper()
    child.start()
    assert wait_until(lambda: len(process_group(child.process.pid)) == 2)
    stop_all([child])
    assert wait_until(lambda: process_group(child.process.pid) == [])


def test_fallen_worker_is_started_again_and_a_fallen_web_server_ends_it_all(keep_signals, monkeypatch, capfd):
    monkeypatch.setattr("cms.management.commands.run.RESTART_SECONDS", 0)
    web = Child("web", [sys.executable, "-c", "import time; time.sleep(3); raise SystemExit(7)"])
    worker = Child("worker", [sys.executable, "-c", "print('at work', flush=True)"])
    web.start()
    worker.start()
    with pytest.raises(CommandError, match=r"^The web server ended \(exit code 7\)\.$"):
        watch([web, worker])
    stop_all([web, worker])
    assert capfd.readouterr().out.count("at work") > 1


def test_waiting_ends_when_the_web_server_has_ended(port):
    web = Child("web", [sys.executable, "-c", "raise SystemExit(3)"])
    web.start()
    with pytest.raises(CommandError, match=r"^The web server ended at once \(exit code 3\)"):
        wait_for_answer(web, "127.0.0.1", port)


def test_run_serves_an_empty_site_until_it_is_told_to_stop(surroundings, port):
    """Real migrations, web server, worker and scheduler; then SIGTERM and nobody left."""
    command = [sys.executable, "manage.py", "run", "--no-demo", f"--port={port}"]
    site = subprocess.Popen(command, cwd=BASE_DIR, env=surroundings, stdout=subprocess.PIPE, text=True)
    try:
        lines = [site.stdout.readline() for _ in range(3)]
        assert lines[0] == "Preparing the database\n"
        assert wait_until(lambda: len(children_of(site.pid)) == 3)
        children = children_of(site.pid)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as response:
            assert response.status == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/admin/css/base.css") as response:
            assert response.headers["Content-Type"] == 'text/css; charset="utf-8"'
    finally:
        site.terminate()
    assert site.wait(timeout=30) == 0
    assert wait_until(lambda: [process_group(pid) for pid in children] == [[], [], []])
