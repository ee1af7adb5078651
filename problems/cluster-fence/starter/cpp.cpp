#include <cstdio>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    long long r;
    std::cin >> n >> r;
    std::vector<long long> x(n), y(n);
    for (int i = 0; i < n; ++i) std::cin >> x[i] >> y[i];

    double length = 0, area = 0;
    // Your idea goes here.

    std::printf("%.9f %.9f\n", length, area);
}
