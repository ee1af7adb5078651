"""What happened to members, told inside the transaction; docs/architecture.md says what a receiver may do."""

from blinker import Signal

member_renamed = Signal("The display name of `member_id` changed.")
kaggle_username_changed = Signal("The Kaggle username of `member_id` changed.")
member_deleted = Signal("`member_id` asked to be forgotten.")
