"""What happened to competitions, told inside the transaction; see docs/architecture.md for what a receiver may do."""

from blinker import Signal

board_applied = Signal(
    "A board of `competition_id` was applied; `is_changed` tells whether entries differ from before."
)
competition_changed = Signal("What pages show of `competition_id` beside its board changed.")
syncing_changed = Signal("What pages tell of the syncing of `competition_id` changed; its board did not.")
