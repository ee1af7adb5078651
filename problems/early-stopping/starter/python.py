import sys

n, patience, *losses = map(int, sys.stdin.read().split())

last_epoch = 1
best_epoch = 1
# Your idea goes here.

print(last_epoch, best_epoch)
