// Adds up in 32 bits.
#include <algorithm>
#include <iostream>
#include <set>
#include <vector>

int main() {
    int n, patience;
    std::cin >> n >> patience;
    std::vector<unsigned> least(n + 1, 0);
    std::multiset<unsigned> near{0};
    for (int epoch = 1; epoch <= n; ++epoch) {
        unsigned cost;
        std::cin >> cost;
        if (epoch > patience) near.erase(near.find(least[epoch - patience - 1]));
        least[epoch] = *near.begin() + cost;
        near.insert(least[epoch]);
    }
    std::cout << least[n] << '\n';
}
