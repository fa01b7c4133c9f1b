"""What other folders may listen to. Sent after commit with ``send_robust``: a receiver that fails changes nothing here.

Events can be lost (a process killed between commit and send), so every listener also needs a sweep over the rows.
"""

from django.dispatch import Signal

# Sent once for an enrolment, by ``learners.progress``, when it becomes completed. Argument: enrolment_id (int).
course_completed = Signal()

# Sent by ``learners.accounts`` when something changed that decides deadlines: a time zone, a company, its rules. Whose,
# says ``User.deadlines_stale_since``.
deadlines_stale = Signal()

# Sent once for a due date, by ``learners.enrolments``, when it has passed unfinished, and when the enrolment closes.
# Arguments: enrolment_id (int), due_at (datetime).
enrolment_overdue = Signal()
enrolment_expired = Signal()
