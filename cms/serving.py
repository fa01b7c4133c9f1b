"""What must be true before the site can be served: a free port and a writable data folder; no Django in here."""

import os
import socket
import tempfile
from pathlib import Path


def find_start_problem(host: str, port: str | int, data_dir: str | Path) -> str | None:
    """One line that says why the site cannot start here, or None. Creates the data folder."""
    return find_port_problem(host, port) or find_folder_problem(Path(data_dir))


def find_port_problem(host: str, port: str | int) -> str | None:
    """Why nothing can listen on this address, or None."""
    try:
        number = int(port)
    except ValueError:
        return f"PORT must be a number, not {port!r}."
    if not 0 < number < 65536:
        return f"PORT must be between 1 and 65535, not {number}."
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            return f"Port {number} on {host} cannot be used ({reason}). Choose another one: make run PORT={number + 1}"
    return None


def find_folder_problem(data_dir: Path) -> str | None:
    """Why the data folder cannot hold the site's files, or None. Creates the folder."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        return f"The data folder {data_dir} cannot be written ({reason}). Choose another: make run DATA_DIR=/a/folder"
    return None
