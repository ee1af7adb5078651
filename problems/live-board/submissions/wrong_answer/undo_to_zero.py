# Takes a score back to 0 instead of to what it was.
import sys
from bisect import bisect_left, bisect_right, insort

(n, _q), *lines = (line.split() for line in sys.stdin.read().splitlines())
board = [0] * int(n)
score = dict.fromkeys(range(1, int(n) + 1), 0)
before = []
for kind, *numbers in lines:
    if kind == "set" or kind == "undo":
        if kind == "set":
            member, new = map(int, numbers)
            before.append(member)
        else:
            member, new = before.pop(), 0
        del board[bisect_left(board, score[member])]
        insort(board, new)
        score[member] = new
    elif kind == "place":
        print(1 + len(board) - bisect_right(board, score[int(numbers[0])]))
    else:
        print(sum(board[-int(numbers[0]) :]))
