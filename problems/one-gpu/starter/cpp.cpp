#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    std::cin >> n;
    std::vector<int> minutes(n), deadline(n);
    for (int i = 0; i < n; ++i) std::cin >> minutes[i] >> deadline[i];

    int in_time = 0;
    // Your idea goes here.

    std::cout << in_time << '\n';
}
