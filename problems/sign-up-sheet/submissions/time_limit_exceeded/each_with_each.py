# Compares each line with each other.
import sys

_n, *names = sys.stdin.read().lower().split()
people = ["".join(filter(str.isalnum, name)) for name in names]
most = 0
different = 0
for place, person in enumerate(people):
    most = max(most, people.count(person))
    if people.index(person) == place:
        different += 1
print(different, most)
