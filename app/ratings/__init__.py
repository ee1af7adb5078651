"""Ratings: how competitions move them, exactly once, and why."""
