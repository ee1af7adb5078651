#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, m, k;
    std::cin >> n >> m >> k;
    std::vector<int> a(m), b(m), w(m);
    for (int i = 0; i < m; ++i) std::cin >> a[i] >> b[i] >> w[i];

    long long minutes = -1;
    // Your idea goes here.

    std::cout << minutes << '\n';
}
