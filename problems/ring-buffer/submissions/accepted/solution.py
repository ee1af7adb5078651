from itertools import groupby

ring = input().strip()
stretches = [(letter, len(list(group))) for letter, group in groupby(ring)]
if len(stretches) > 1 and ring[0] == ring[-1]:
    stretches.append((ring[0], stretches[0][1] + stretches[-1][1]))
letter, length = min(stretches, key=lambda stretch: (-stretch[1], stretch[0]))
print(length, letter)
