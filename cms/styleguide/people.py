"""An invented learner: enrolments in every state, certificates, an open attempt and graded ones."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace as Row
from typing import Any

from cms.styleguide.blocks import make_quiz_block, make_quiz_card, make_waiting_attempt
from cms.styleguide.content import COURSE, TITLES
from cms.styleguide.moments import NOW, days
from cms.styleguide.questions import make_question_views, make_result_views, make_waiting_result


class SampleUser:
    """Looks like a signed-in learner to the templates."""

    is_authenticated = True
    email = "lena.beispiel@example.com"

    def __str__(self) -> str:
        return "Lena Beispiel"


def make_enrolment(number: int = 0, **changes: Any) -> Row:
    facts: dict[str, Any] = {
        "id": number,
        "title": TITLES[number][0],
        "url": "/styleguide/?page=course",
        "cover": None,
        "percent": 38,
        "score": None,
        "state": "in_progress",
        "due_at": None,
        "is_overdue": False,
        "due_in_days": None,
        "continue_url": "/styleguide/?page=lesson",
        "continue_label": "Continue",
        "next_lesson_title": "An opening worth hearing",
        "minutes_left": 92,
        "completed_at": None,
        "certificate_url": None,
        "last_accessed_at": NOW,
        "due": None,
        "is_expired": False,
        "renewal": None,
        "renew_url": "",
    }
    return Row(**(facts | changes))


def make_delta() -> Row:
    """A new video and a quiz whose key was corrected."""
    blocks = [
        Row(lesson_title="An opening worth hearing", title="Three openings, compared", type="video", kind="added"),
        Row(lesson_title="Handling objections", title="Check yourself", type="quiz", kind="changed"),
    ]
    return Row(blocks=blocks, minutes=14)


def make_due() -> Row:
    """A date that two ask for, and one of them granted more time."""
    reasons = (
        ("extension", "Extended to 21 March 2026 by Ana Ruiz: “parental leave”"),
        ("company_rule", "Northwind asks for it within 30 days of enrolling, by 1 March 2026"),
    )
    return Row(
        due_at=NOW + days(12),
        time_zone="Europe/Madrid",
        closes_at=NOW + days(26),
        reasons=[Row(code=code, text=text) for code, text in reasons],
    )


def make_enrolments() -> list[Row]:
    """One of every state."""
    return [
        make_enrolment(0, due_at=NOW + days(12), due_in_days=12, due=make_due()),
        make_enrolment(1, percent=0, state="not_started", minutes_left=220),
        make_enrolment(3, percent=71, minutes_left=20, due_at=NOW + days(2), due_in_days=2),
        make_enrolment(
            5,
            percent=55,
            minutes_left=270,
            continue_label="To the course",
            next_lock="This lesson opens on 16 Mar 2026, 00:00.",
        ),
        make_enrolment(4, percent=12, minutes_left=50, due_at=NOW - days(3), due_in_days=-3, is_overdue=True),
        make_enrolment(2, percent=40, due_at=NOW - days(30), due_in_days=-30, is_overdue=True, is_expired=True),
    ]


def make_completed() -> list[Row]:
    done: dict[str, Any] = {"percent": 100, "state": "completed", "minutes_left": 0}
    return [
        make_enrolment(6, **done, completed_at=NOW - days(20), score=91.5, certificate_url="/styleguide/?page=verify"),
        make_enrolment(
            7,
            **done,
            completed_at=NOW - days(200),
            renewal=Row(opens_at=NOW - days(5), runs_out_at=NOW + days(55), is_open=True),
            renew_url="/styleguide/?page=course",
        ),
    ]


def make_certificate_cards() -> list[Row]:
    rows = (
        (TITLES[6][0], "CW-7K4M-92QX", 20, None, False),
        (TITLES[7][0], "CW-3PD8-V6TA", 900, NOW - days(170), True),
    )
    return [
        Row(
            number=number,
            name="Lena Beispiel",
            course=title,
            language="en",
            issuer="Coursewright Academy",
            status="expired" if is_over else "valid",
            issued_on=(NOW - days(ago)).date(),
            url="/styleguide/?page=verify",
            pdf_url="/styleguide/?page=verify",
            expires_on=expires,
            credential_url="/styleguide/?page=verify",
            switch_url="/styleguide/?page=gallery",
            share_url="" if is_over else "https://learn.example.com/certificates/CW-7K4M-92QX/shared/Zq0f1x/",
            linkedin_url="https://www.linkedin.com/profile/add",
        )
        for title, number, ago, expires, is_over in rows
    ]


def home_context() -> dict[str, Any]:
    cards = make_enrolments()
    return {
        "continue_card": cards[0],
        "in_progress": cards,
        "due_soon": [card for card in cards if card.due_in_days is not None],
        "completed": make_completed(),
        "certificates": make_certificate_cards(),
    }


SUCCESSORS = (
    Row(number="CW-19QM-4TTE", url="/styleguide/?page=verify-superseded", issued_on=(NOW - days(9)).date()),
    Row(number="CW-8HZC-0V5A", url="/styleguide/?page=verify", issued_on=(NOW - days(2)).date()),
)


def make_certificate(status: str) -> Row:
    return Row(
        number="CW-7K4M-92QX",
        status=status,
        facts={
            "name": "Lena Beispiel",
            "course": COURSE["title"],
            "language": "en",
            "edition": 7,
            "edition_digest": "3f" * 32,
            "score": "91.5",
            "minutes": 145,
            "completed_on": "2026-02-17",
            "issued_on": "2026-02-17",
            "expires_on": "2028-02-16",
            "issuer": "Coursewright Academy",
        },
        issued_at=NOW - days(20),
        expires_at=NOW + days(700),
        revoked_at=NOW - days(3) if status == "revoked" else None,
        reason="Issued in error" if status == "revoked" else "",
        successors=SUCCESSORS if status == "superseded" else (),
    )


QUESTIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("q1", "single", "How long do people listen before they decide?", ("Ten seconds", "A minute", "Until you stop")),
    (
        "q2",
        "multiple",
        "What belongs in the first sentence?",
        ("Who you are", "A reason that is theirs", "Your prices"),
    ),
    ("q3", "true_false", "Standing up makes a voice sound friendlier.", ("True", "False")),
    ("q4", "short_text", "Which word should never begin a call?", ()),
    ("q5", "numeric", "How many minutes of preparation does the course recommend?", ()),
)


def attempt_context(*, limit_minutes: int = 15) -> dict[str, Any]:
    questions = [
        Row(
            id=key,
            type=kind,
            prompt=prompt,
            points=2 if kind == "multiple" else 1,
            unit="minutes" if kind == "numeric" else "",
            choices=[
                Row(id=f"{key}-{n}", text=text, is_chosen=(key, n) == ("q1", 0)) for n, text in enumerate(choices)
            ],
            text="",
            number="",
            seq=0,
        )
        for key, kind, prompt, choices in QUESTIONS
    ]
    more = make_question_views(is_answered=False)
    answered = [replace(view, id=f"{view.id}-answered") for view in make_question_views(is_answered=True)]
    attempt = Row(
        id="a1",
        number=2,
        opened_at=NOW,
        deadline_at=NOW + timedelta(minutes=limit_minutes),
        base_minutes=15,
        limit_minutes=limit_minutes,
        is_marked_by_hand=True,
        server_now=NOW + timedelta(minutes=2, seconds=40),
        questions=[*questions, *more, *answered],
    )
    links = {"save_url": "/styleguide/save/", "submit_url": "#", "lesson_url": "/styleguide/?page=lesson"}
    return {"attempt": attempt, "quiz": make_quiz_block(), "course": COURSE, "user": SampleUser()} | links


def result_context(*, is_passed: bool, is_course_completed: bool = False) -> dict[str, Any]:
    key, chosen = {"q1": {0}, "q2": {0, 1}, "q3": {0}}, {"q1": {0} if is_passed else {1}, "q2": {0}, "q3": {0}}
    results = []
    for question, kind, prompt, texts in QUESTIONS:
        right = key.get(question, set()) == chosen.get(question, set()) and (is_passed or kind != "short_text")
        points = 1 if right or kind == "multiple" else 0
        results.append(
            Row(
                prompt=prompt,
                type=kind,
                points=points,
                max_points=2 if kind == "multiple" else 1,
                is_correct=right,
                choices=[
                    Row(
                        text=text,
                        is_chosen=n in chosen[question],
                        is_correct=n in key[question],
                        feedback="It feels longer to you than to them." if (question, n) == ("q1", 1) else "",
                    )
                    for n, text in enumerate(texts)
                ],
                answer_text="" if kind == "short_text" and not is_passed else "Sorry" if kind == "short_text" else "5",
                accepted_text="Sorry",
                explanation="The decision falls within the first ten seconds." if question == "q1" else "",
            )
        )
    attempt = Row(score=83.33 if is_passed else 50.0, passed=is_passed, number=2, submitted_at=NOW)
    return {
        "attempt": attempt,
        "quiz": make_quiz_block(),
        "results": [*results, *make_result_views()],
        "is_key_shown": True,
        "lesson_url": "/styleguide/?page=lesson",
        "next_url": "/styleguide/?page=course",
        "retry": make_quiz_card(attempts_used=2, attempts_left=1),
        "course": COURSE,
        "course_completed": is_course_completed,
        "certificate_url": "/styleguide/?page=verify" if is_course_completed else None,
        "user": SampleUser(),
    }


def waiting_context() -> dict[str, Any]:
    """An essay that nobody has marked yet: no score, neither passed nor failed."""
    waiting = make_waiting_result()
    attempt = Row(score=None, passed=None, number=1, submitted_at=NOW)
    return result_context(is_passed=False) | {
        "attempt": attempt,
        "results": [waiting],
        "is_key_shown": False,
        "review_note": "The right answers and explanations are shown once you have passed or used your last attempt.",
        "retry": make_quiz_card(attempts_used=1, attempts_left=2, attempts=[make_waiting_attempt()]),
        "next_url": None,
    }
