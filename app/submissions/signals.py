"""What happened to submissions, told inside the transaction; see docs/architecture.md for what a receiver may do."""

from blinker import Signal

submission_queued = Signal("`submission_id` waits to be judged, or has begun to be.")
submission_judged = Signal("`submission_id` has a verdict, and its member perhaps one solved problem more.")
submission_judged_beside = Signal("One submission more of `rejudge_id` has been judged.")
trial_finished = Signal("`trial_id` has been run.")
judge_turned = Signal("The judge has stopped running programs, or begun to, or is another one now.")
