ring = input().strip()

length = 0
letter = "a"
# Your idea goes here.

print(length, letter)
