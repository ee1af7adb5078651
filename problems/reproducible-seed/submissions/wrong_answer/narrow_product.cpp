// Multiplies in 32 bits.
#include <iostream>

int main() {
    unsigned begin, factor, addend, modulus;
    int q;
    std::cin >> begin >> factor >> addend >> modulus >> q;
    while (q-- > 0) {
        long long moment;
        unsigned x = begin, a = factor, c = addend;
        for (std::cin >> moment; moment > 0; moment >>= 1) {
            if (moment & 1) x = (a * x + c) % modulus;
            c = (a * c + c) % modulus;
            a = a * a % modulus;
        }
        std::cout << x << '\n';
    }
}
