import sys

n, *words = sys.stdin.read().split()
names = words[0::3]
public = list(map(int, words[1::3]))
private = list(map(int, words[2::3]))

climb = 0
name = names[0]
# Your idea goes here.

print(climb, name)
