#include <algorithm>
#include <iostream>
#include <string>

int main() {
    std::string ring;
    std::cin >> ring;
    const int n = ring.size();
    int best = 0, run = 0;
    char letter = 'z';
    for (int i = 0; i < 2 * n; ++i) {
        const char here = ring[i % n];
        run = i > 0 && here == ring[(i - 1) % n] ? std::min(run + 1, n) : 1;
        if (run > best || (run == best && here < letter)) {
            best = run;
            letter = here;
        }
    }
    std::cout << best << ' ' << letter << '\n';
}
