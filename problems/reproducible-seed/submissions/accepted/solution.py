import sys

begin, factor, addend, modulus, _q, *moments = map(int, sys.stdin.read().split())
leaps = []
for _ in range(60):
    leaps.append((factor, addend))
    factor, addend = factor * factor % modulus, (factor * addend + addend) % modulus

answers = []
for moment in moments:
    x = begin
    for bit, (factor, addend) in enumerate(leaps):
        if moment >> bit & 1:
            x = (factor * x + addend) % modulus
    answers.append(x)
print("\n".join(map(str, answers)))
