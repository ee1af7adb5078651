import sys

lines = [line.split() for line in sys.stdin.read().splitlines()]
n = int(lines[0][0])
del lines[0]

# Scores are numbered from the highest down, from 1. Two Fenwick trees hold how many members have the scores up to a
# number, and the sum of those.
scores = sorted({0, *(int(line[2]) for line in lines if line[0] == "set")}, reverse=True)
number_of = {score: number for number, score in enumerate(scores, 1)}
size = len(scores)
top_bit = 1 << size.bit_length() - 1
counts = [0] * (size + 1)
sums = [0] * (size + 1)


def add(number, members):
    """So many members more have the score of that number."""
    points = members * scores[number - 1]
    while number <= size:
        counts[number] += members
        sums[number] += points
        number += number & -number


def members_above(number):
    """How many members have a higher score."""
    members = 0
    number -= 1
    while number:
        members += counts[number]
        number &= number - 1
    return members


def sum_of_top(members):
    """The sum of the highest scores of so many members."""
    number = points = 0
    bit = top_bit
    while bit:
        beyond = number + bit
        if beyond <= size and counts[beyond] <= members:
            number = beyond
            members -= counts[beyond]
            points += sums[beyond]
        bit >>= 1
    return points + (members * scores[number] if members else 0)


add(size, n)
held = [size] * (n + 1)
before = []
answers = []
for kind, *numbers in lines:
    if kind == "set" or kind == "undo":
        if kind == "set":
            member, number = int(numbers[0]), number_of[int(numbers[1])]
            before.append((member, held[member]))
        else:
            member, number = before.pop()
        add(held[member], -1)
        add(number, 1)
        held[member] = number
    elif kind == "place":
        answers.append(1 + members_above(held[int(numbers[0])]))
    else:
        answers.append(sum_of_top(int(numbers[0])))
print("\n".join(map(str, answers)))
