#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, k;
    std::cin >> n >> k;
    std::vector<long long> costs(n);
    for (long long &cost : costs) std::cin >> cost;

    long long least = 0;
    // Your idea goes here.

    std::cout << least << '\n';
}
