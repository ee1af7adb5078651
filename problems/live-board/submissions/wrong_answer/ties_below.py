# Puts a member behind all others with the same score.
import sys
from bisect import bisect_left, insort

(n, _q), *lines = (line.split() for line in sys.stdin.read().splitlines())
board = [0] * int(n)
score = dict.fromkeys(range(1, int(n) + 1), 0)
before = []
for kind, *numbers in lines:
    if kind == "set" or kind == "undo":
        if kind == "set":
            member, new = map(int, numbers)
            before.append((member, score[member]))
        else:
            member, new = before.pop()
        del board[bisect_left(board, score[member])]
        insort(board, new)
        score[member] = new
    elif kind == "place":
        print(len(board) - bisect_left(board, score[int(numbers[0])]))
    else:
        print(sum(board[-int(numbers[0]) :]))
