#include <iostream>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    long long x0, a, c, m;
    int q;
    std::cin >> x0 >> a >> c >> m >> q;
    for (int j = 0; j < q; ++j) {
        long long t;
        std::cin >> t;

        long long x = x0;
        // Your idea goes here.

        std::cout << x << '\n';
    }
}
