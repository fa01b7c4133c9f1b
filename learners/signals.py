"""What other folders may listen to. Sent after commit with ``send_robust``: a receiver that fails changes nothing here.

Events can be lost (a process killed between commit and send), so every listener also needs a sweep over the rows.
"""

from django.dispatch import Signal

# Sent once for an enrolment, by ``learners.progress``, when it becomes completed. Argument: enrolment_id (int).
course_completed = Signal()

# Sent by ``learners.progress`` inside the transaction that completes an enrolment, after its row is written: what must
# exist as soon as the completion does is made here. A receiver writes in an ``atomic`` of its own; one that fails loses
# its own work only, never the completion, so it needs a sweep as well. Argument: enrolment_id (int).
course_completing = Signal()

# Sent by ``learners.accounts`` when something changed that decides deadlines: a time zone, a company, its rules. Whose,
# says ``User.deadlines_stale_since``.
deadlines_stale = Signal()

# Sent once for a due date, by ``learners.enrolments``, when it has passed unfinished, and when the enrolment closes.
# Arguments: enrolment_id (int), due_at (datetime).
enrolment_overdue = Signal()
enrolment_expired = Signal()

# Sent by ``learners.accommodations`` inside the transaction that grants one, not after it: whoever keeps a clock for
# this person extends it with the grant or not at all. Arguments: accommodation (Accommodation), now (datetime).
accommodation_granted = Signal()
