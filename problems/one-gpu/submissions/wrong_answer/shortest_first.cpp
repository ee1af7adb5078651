// Does the shortest run first, whatever closes in the meantime.
#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

int main() {
    int n, done = 0;
    std::cin >> n;
    std::vector<std::pair<int, int>> runs(n);
    for (auto &[minutes, deadline] : runs) std::cin >> minutes >> deadline;
    std::sort(runs.begin(), runs.end());
    long long spent = 0;
    for (const auto &[minutes, deadline] : runs) {
        if (spent + minutes > deadline) continue;
        spent += minutes;
        ++done;
    }
    std::cout << done << '\n';
}
