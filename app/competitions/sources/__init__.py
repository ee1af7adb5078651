"""Outside worlds that have leaderboards, each behind the words of base.py."""
