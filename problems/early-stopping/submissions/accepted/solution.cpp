#include <iostream>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, patience, best = 1, last = 1;
    long long lowest;
    std::cin >> n >> patience >> lowest;
    for (int epoch = 2; epoch <= n && last - best < patience; ++epoch) {
        long long loss;
        std::cin >> loss;
        last = epoch;
        if (loss < lowest) {
            lowest = loss;
            best = epoch;
        }
    }
    std::cout << last << ' ' << best << '\n';
}
