"""What certificates cost: drawing them beside a bare render of the same page, signing them, and memory over many."""

import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from weasyprint import HTML

from certificates import rendering
from certificates.credentials.did import key_did
from certificates.credentials.services import sign_for
from certificates.designs.builtin import built_in_design
from certificates.designs.markup import estimate_sizes, make_css, make_html
from certificates.issuing import issue_certificate
from certificates.keys import get_signing_pair
from certificates.models import Certificate, KeyPurpose
from certificates.sealing import seal_pdf
from cms.benchmarks.figures import Figure, Scene
from courses.editions.models import CourseState
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState

ROUNDS = 15
WARM, MANY = 200, 1_000


def measure_certificates(scene: Scene) -> Iterator[Figure]:
    certificate = _issue(scene)
    page, render_bare = _draw(certificate), _bare_render(certificate)
    drawn: list[float] = []
    bare: list[float] = []
    signing: list[float] = []
    for number in range(ROUNDS + 2):
        times = (_cpu(lambda: _draw(certificate)), _cpu(render_bare), _cpu(lambda: _sign(certificate, page)))
        if number >= 2:  # the first two warm fonts and caches up
            for values, value in zip((drawn, bare, signing), times, strict=True):
                values.append(value)
    yield Figure("certificate drawn: rate to a bare render", min(bare) / min(drawn), 0.8, ">=")
    yield Figure("certificate signed: time to drawing it", min(signing) / min(drawn), 1 / 3, "<=")
    yield _measure_memory(certificate)


def _issue(scene: Scene) -> Certificate:
    state = CourseState.objects.select_related("edition").get(course=scene.small)
    if state.edition is None:
        raise RuntimeError("The benchmark's course has no edition.")
    done = Enrolment.objects.create(
        user=User.objects.create_user("holder@example.com", name="Marguerite Delacroix"),
        course_key=state.course_key,
        edition=state.edition,
        state=ProgressState.COMPLETED,
        completed_at=timezone.now(),
        percent=100,
    )
    certificate = issue_certificate(enrolment_id=done.pk)
    if certificate is None:
        raise RuntimeError("The benchmark's course gives no certificate.")
    return certificate


def _draw(certificate: Certificate) -> bytes:
    return rendering.render_certificate(number=certificate.number, facts=certificate.facts)


def _bare_render(certificate: Certificate) -> Callable[[], bytes]:
    """The same page with the same fonts, style and picture cache, by WeasyPrint alone."""
    body, _pictures = built_in_design()
    tools = rendering._tools()
    fetcher = rendering._OwnFilesOnly({})
    style = rendering._parse_style(tools, make_css(body), fetcher)
    facts = certificate.facts
    html = make_html(
        number=certificate.number,
        facts=facts,
        design=body,
        sizes=estimate_sizes(body, facts),
        qr_code=rendering._draw_code(facts["verification_url"]),
    )

    def render() -> bytes:
        return bytes(
            HTML(string=html, url_fetcher=fetcher).write_pdf(
                font_config=tools.fonts,
                stylesheets=[tools.style, style],
                pdf_variant=rendering._VARIANT,
                cache=tools.pictures,
            )
        )

    return render


def _sign(certificate: Certificate, page: bytes) -> None:
    """The credential and the seal of a page that is drawn."""
    pair = get_signing_pair(KeyPurpose.CREDENTIAL)
    sign_for(certificate, pair, issuer=key_did(pair.public))
    seal_pdf(page, at=certificate.issued_at, facts=certificate.facts, number=certificate.number)


def _measure_memory(certificate: Certificate) -> Figure:
    """Resident memory after many certificates of different people to that after the first few."""
    for number in range(MANY):
        if number == WARM:
            few = _resident()
        facts: Any = {**certificate.facts, "name": f"Learner {number}", "verification_url": f"https://x.test/{number}/"}
        drawn = rendering.render_certificate(number=certificate.number, facts=facts)
        seal_pdf(drawn, at=certificate.issued_at, facts=facts, number=certificate.number)
    return Figure(f"certificates: memory after {MANY} to {WARM}", _resident() / few, 1.1, "<=")


def _resident() -> int:
    """Pages in memory now, as Linux counts them."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of this process's processor time, which other processes do not change much."""
    start = time.process_time()
    work()
    return time.process_time() - start
