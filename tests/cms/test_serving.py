"""What stops a start: a taken port, an odd number, a folder nobody can write."""

import socket

from cms.serving import find_folder_problem, find_port_problem, find_start_problem


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_start_has_no_problem_with_free_port_and_new_folder(tmp_path):
    assert find_start_problem("127.0.0.1", free_port(), tmp_path / "new" / "data") is None
    assert (tmp_path / "new" / "data").is_dir()


def test_port_taken_names_the_port_and_a_way_out():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert find_port_problem("127.0.0.1", port) == (
            f"Port {port} on 127.0.0.1 cannot be used (Address already in use). "
            f"Choose another one: make run PORT={port + 1}"
        )


def test_port_that_is_no_port_is_refused():
    assert find_port_problem("127.0.0.1", "eighty") == "PORT must be a number, not 'eighty'."
    assert find_port_problem("127.0.0.1", 70000) == "PORT must be between 1 and 65535, not 70000."


def test_folder_below_a_file_cannot_be_written(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    assert find_folder_problem(blocker / "data") == (
        f"The data folder {blocker / 'data'} cannot be written (Not a directory). "
        "Choose another: make run DATA_DIR=/a/folder"
    )
