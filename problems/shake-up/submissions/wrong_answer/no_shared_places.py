# Gives equal scores different places, in the order of the input.
import sys

_n, *words = sys.stdin.read().split()
teams = list(zip(words[0::3], map(int, words[1::3]), map(int, words[2::3]), strict=True))
before = {team: place for place, team in enumerate(sorted(teams, key=lambda team: -team[1]))}
after = {team: place for place, team in enumerate(sorted(teams, key=lambda team: -team[2]))}
fall, name = min((after[team] - before[team], team[0]) for team in teams)
print(-fall, name)
