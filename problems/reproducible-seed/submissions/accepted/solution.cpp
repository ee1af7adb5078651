#include <iostream>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    long long begin, factor, addend, modulus;
    int q;
    std::cin >> begin >> factor >> addend >> modulus >> q;
    while (q-- > 0) {
        long long moment, x = begin, a = factor, c = addend;
        for (std::cin >> moment; moment > 0; moment >>= 1) {
            if (moment & 1) x = (a * x + c) % modulus;
            c = (a * c + c) % modulus;
            a = a * a % modulus;
        }
        std::cout << x << '\n';
    }
}
