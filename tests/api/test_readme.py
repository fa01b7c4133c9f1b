"""The shell examples of docs/api/README.md, run as they stand against a running server."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings

from learners.accounts.models import User
from learners.exams.models import Attempt
from learners.progress.models import BlockProgress
from tests.api.editions import publish

README = Path(settings.BASE_DIR) / "docs" / "api" / "README.md"


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_shell_examples_run(live_server: Any, tmp_path: Path) -> None:
    learner = User.objects.create_user("learner@example.com", "coursewright", name="Lee Learner")
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    publish("selling-well")
    script = "set -euo pipefail\n" + "\n".join(re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL))
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "BASE": live_server.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "304\n" in run.stdout
    assert Attempt.objects.get().state == "submitted"
    assert BlockProgress.objects.filter(state="completed").count() >= 1
