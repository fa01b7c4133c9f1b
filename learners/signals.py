"""What other folders may listen to. Sent after commit with ``send_robust``: a receiver that fails changes nothing here.

Events can be lost (a process killed between commit and send), so every listener also needs a sweep over the rows.
"""

from django.dispatch import Signal

# Sent once for an enrolment, by ``learners.progress``, when it becomes completed. Argument: enrolment_id (int).
course_completed = Signal()
