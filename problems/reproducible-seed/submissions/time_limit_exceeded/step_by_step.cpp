// Draws one number after the other.
#include <iostream>

int main() {
    long long begin, factor, addend, modulus;
    int q;
    std::cin >> begin >> factor >> addend >> modulus >> q;
    while (q-- > 0) {
        long long moment, x = begin;
        for (std::cin >> moment; moment > 0; --moment) x = (factor * x + addend) % modulus;
        std::cout << x << '\n';
    }
}
