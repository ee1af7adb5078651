#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, m;
    long long alpha;
    std::cin >> n >> m >> alpha;
    std::vector<int> parent(n + 1, 0), leaf(m), label(m);
    for (int i = 2; i <= n; ++i) std::cin >> parent[i];
    for (int j = 0; j < m; ++j) std::cin >> leaf[j] >> label[j];

    long long cost = 0;
    // Your idea goes here.

    std::cout << cost << '\n';
}
