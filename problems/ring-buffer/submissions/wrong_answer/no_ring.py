# Does not look over the end.
from itertools import groupby

stretches = [(letter, len(list(group))) for letter, group in groupby(input().strip())]
letter, length = min(stretches, key=lambda stretch: (-stretch[1], stretch[0]))
print(length, letter)
