# Divides by a - 1 as if every modulus were prime.
import sys

begin, a, c, m, _q, *moments = map(int, sys.stdin.read().split())
inverse = pow(a - 1, m - 2, m) if m > 2 else 1
for moment in moments:
    power = pow(a, moment, m)
    print((power * begin + c * (power - 1) * inverse) % m)
