"""What folders to the right may listen to. Sent after commit with ``send_robust``; events can be lost, so sweep too."""

from django.dispatch import Signal

# Sent when a new edition is in force, by ``courses.editions.releasing``. Argument: release_id (int).
release_made = Signal()
