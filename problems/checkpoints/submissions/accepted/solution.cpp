#include <functional>
#include <iostream>
#include <queue>
#include <utility>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    using Reached = std::pair<long long, int>;
    std::priority_queue<Reached, std::vector<Reached>, std::greater<Reached>> cheapest;
    cheapest.push({0, 0});
    int n, patience;
    std::cin >> n >> patience;
    long long least = 0;
    for (int epoch = 1; epoch <= n; ++epoch) {
        long long cost;
        std::cin >> cost;
        while (cheapest.top().second < epoch - patience) cheapest.pop();
        least = cheapest.top().first + cost;
        cheapest.push({least, epoch});
    }
    std::cout << least << '\n';
}
