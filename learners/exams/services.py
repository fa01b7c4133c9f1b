"""Sitting quizzes: the writes, each in a module of its own.

An attempt keeps its edition, seed and paper, so a release in the middle of a sitting changes nothing, and its key is
read again only to grade it. Locks are taken in one order, so two tabs, a late save and the sweeper never grade one
sitting twice.
"""

from learners.exams.closing import close_if_over, close_overdue_attempts, submit_attempt
from learners.exams.locking import AttemptRefusedError
from learners.exams.opening import open_attempt
from learners.exams.saving import SavedAnswers, save_answers
from learners.exams.settling import add_result, settle_quiz

__all__ = [
    "AttemptRefusedError",
    "SavedAnswers",
    "add_result",
    "close_if_over",
    "close_overdue_attempts",
    "open_attempt",
    "save_answers",
    "settle_quiz",
    "submit_attempt",
]
