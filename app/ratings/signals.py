"""What happened to ratings, told inside the transaction; see docs/architecture.md for what a receiver may do."""

from blinker import Signal

ratings_moved = Signal("Ratings were worked out anew from the competition `competition_id` on; None: from nothing.")
