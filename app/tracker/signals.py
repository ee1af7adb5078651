"""What happened to handles, told inside the transaction; docs/architecture.md says what a receiver may do."""

from blinker import Signal

handles_checked = Signal("Handles of `participant_ids`, in `cohort_ids`, were checked on the platform `platform_key`.")
