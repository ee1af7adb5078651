"""MLBattle: the home of a club."""
