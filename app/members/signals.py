"""What happened to members, told upwards inside the transaction; see docs/architecture.md for what a receiver may do."""

from blinker import Signal

member_renamed = Signal("The display name of `member_id` changed.")
kaggle_username_changed = Signal("The Kaggle username of `member_id` changed.")
member_deleted = Signal("`member_id` asked to be forgotten.")
