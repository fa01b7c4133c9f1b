"""Set-up for every make target: finds Python, makes .venv, installs locked packages and missing system libraries.

Standard library only, and written so that an old Python can still parse it and say what is wrong.
Usage: python3 requirements/bootstrap.py base|run|dev|ci   (SKIP_SYSTEM=1 goes on without system libraries)
"""

import ctypes
import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = str(VENV / "bin" / "python")
STAMP = VENV / ".installed"
SYSTEM_STAMP = VENV / ".system-packages"
OLDEST = (3, 11)
NEWER = ["python3.%d" % minor for minor in range(14, 10, -1)]

# What must load for certificates (WeasyPrint opens these with dlopen), and the Debian package it comes in.
LIBRARIES = [
    ("libgobject-2.0.so.0", "gobject-2.0", "libpango-1.0-0"),
    ("libpango-1.0.so.0", "pango-1.0", "libpango-1.0-0"),
    ("libpangoft2-1.0.so.0", "pangoft2-1.0", "libpangoft2-1.0-0"),
    ("libharfbuzz.so.0", "harfbuzz", "libpangoft2-1.0-0"),
    ("libharfbuzz-subset.so.0", "harfbuzz-subset", "libharfbuzz-subset0"),
    ("libfontconfig.so.1", "fontconfig", "libpangoft2-1.0-0"),
]
FONT_FOLDERS = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]
FONTS = [
    ("Inter*.[ot]t[fc]", "fonts-inter"),
    ("EBGaramond*.[ot]t[fc]", "fonts-ebgaramond"),
    ("NotoSans-Regular.ttf", "fonts-noto-core"),
    ("NotoSansCJK*.tt[cf]", "fonts-noto-cjk"),
]
TEST_PROGRAMS = [
    (("chromium", "chromium-browser", "google-chrome"), "chromium"),
    (("pdftoppm",), "poppler-utils"),
    (("node", "nodejs"), "nodejs"),
    (("npm",), "npm"),
]
POSTGRESQL = [(("pg_ctlcluster", "pg_ctl"), "postgresql")]


def stop(message):
    """Say it in one line and end with a failure."""
    sys.stderr.write(message + "\n")
    sys.exit(1)


def say(message):
    sys.stdout.write(message + "\n")
    sys.stdout.flush()


# --- Python ---------------------------------------------------------------------------------------------------------


def ask_python(python, code):
    """What ``python -c code`` prints, or an empty string if that fails."""
    try:
        done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode().strip() if done.returncode == 0 else ""


def is_new_enough(python):
    return ask_python(python, "import sys; print(sys.version_info[:2] >= %r)" % (OLDEST,)) == "True"


def find_python():
    """An interpreter new enough: this one, or the newest one on the PATH."""
    if sys.version_info[:2] >= OLDEST:
        return sys.executable
    for name in NEWER:
        path = shutil.which(name)
        if path and is_new_enough(path):
            return path
    return stop(
        "Coursewright needs Python %d.%d or newer; this is Python %d.%d and no newer one is on the PATH."
        % (OLDEST + tuple(sys.version_info[:2]))
    )


def has_environment():
    return (VENV / "bin" / "pip").exists() and is_new_enough(VENV_PYTHON)


def make_environment():
    """Create .venv unless it stands and works; a broken or too old one is made anew."""
    if has_environment():
        return
    say("Creating the virtual environment .venv")
    command = [find_python(), "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        stop("Could not create %s: %s" % (VENV, last_line(made.stdout)))


# --- Packages -------------------------------------------------------------------------------------------------------


def lock_path(name):
    return ROOT / "requirements" / (name + ".txt")


def fingerprint(lock):
    """Changes when a lock file or the environment's Python does. ``dev`` contains all of ``base``."""
    digest = hashlib.sha256(ask_python(VENV_PYTHON, "import sys; print(sys.version)").encode())
    for name in ("base", "dev"):
        digest.update(lock_path(name).read_bytes())
    return lock + " " + digest.hexdigest()


def install_packages(lock):
    """Install the locked packages, every one checked by hash, only when something changed since the last time."""
    wanted = fingerprint(lock)
    installed = STAMP.read_text().strip() if STAMP.exists() else ""
    if installed in (wanted, fingerprint("dev")):
        return
    say("Installing the packages of requirements/%s.txt (a minute or two, the first time)" % lock)
    command = [VENV_PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*command, "--require-hashes", "-r", str(lock_path(lock))]).returncode:
        stop("The packages of requirements/%s.txt could not be installed; pip's message is above." % lock)
    STAMP.write_text(wanted + "\n")


# --- System libraries -----------------------------------------------------------------------------------------------


def loads(soname, name):
    for candidate in (soname, ctypes.util.find_library(name)):
        try:
            if candidate and ctypes.CDLL(candidate):
                return True
        except OSError:
            continue
    return False


def has_font(pattern):
    if sys.platform == "darwin":
        return True
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(True for folder in folders for _ in folder.glob("**/" + pattern))


def missing_for_environment():
    """Debian's Python comes without the part of venv that installs pip."""
    if has_environment():
        return []
    python = find_python()
    if ask_python(python, "import ensurepip, venv; print('yes')") == "yes":
        return []
    return ["python%s-venv" % ask_python(python, "import sys; print('%d.%d' % sys.version_info[:2])")]


def missing_for_site(profile):
    """Debian packages for what is not there, found by trying to load or to find each thing."""
    packages = [package for soname, name, package in LIBRARIES if not loads(soname, name)]
    packages += [package for pattern, package in FONTS if not has_font(pattern)]
    programs = TEST_PROGRAMS if profile in ("dev", "ci") else []
    programs = programs + (POSTGRESQL if profile == "ci" else [])
    packages += [package for names, package in programs if not any(shutil.which(name) for name in names)]
    installed_before = SYSTEM_STAMP.read_text().split() if SYSTEM_STAMP.exists() else []
    return [package for package in dict.fromkeys(packages) if package not in installed_before]


def last_line(output):
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no message"


def install_debian(packages, may_skip):
    """Install through apt as root on Debian; otherwise name the exact command and end."""
    has_apt = shutil.which("apt-get") is not None
    arguments = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    reason = "Missing on this system: %s" % ", ".join(packages)
    if os.geteuid() != 0 or not has_apt:
        how = "sudo " + " ".join(arguments) if has_apt else "install what these Debian packages contain"
        without = " (SKIP_SYSTEM=1 goes on without.)" if may_skip else ""
        stop("%s. Run this, then try again: %s%s" % (reason, how, without))
    say("Installing %s" % ", ".join(packages))
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update"], env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = subprocess.run(arguments, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        stop("%s, and '%s' failed: %s" % (reason, " ".join(arguments), last_line(done.stdout)))


def install_system(profile):
    """Everything missing at once. Returns what was installed."""
    for_environment = missing_for_environment()
    for_site = [] if os.environ.get("SKIP_SYSTEM") == "1" else missing_for_site(profile)
    if for_environment or for_site:
        install_debian(for_environment + for_site, may_skip=not for_environment)
    return for_site


def remember_system(packages):
    """Should another Debian name a font's file differently, it is not installed again at every start."""
    with SYSTEM_STAMP.open("a") as file:
        file.write("".join(package + "\n" for package in packages))


# --- Start ----------------------------------------------------------------------------------------------------------


def refuse_hopeless_start():
    """A taken port or an unwritable folder is said before minutes of installing; ``manage.py run`` checks it again."""
    if (ROOT / ".env").exists() or sys.version_info[:2] < OLDEST:
        return  # only Django's settings read .env
    sys.path.insert(0, str(ROOT))
    from cms.serving import find_start_problem

    given = os.environ.get
    problem = find_start_problem(
        given("HOST") or "127.0.0.1", given("PORT") or "8000", given("DATA_DIR") or ROOT / "data"
    )
    if problem:
        stop(problem)


def main(profile):
    os.chdir(ROOT)
    if profile == "run":
        refuse_hopeless_start()
    installed = install_system(profile)
    make_environment()
    remember_system(installed)
    install_packages("dev" if profile in ("dev", "ci") else "base")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("base", "run", "dev", "ci"):
        stop("Usage: python3 requirements/bootstrap.py base|run|dev|ci")
    main(sys.argv[1])
