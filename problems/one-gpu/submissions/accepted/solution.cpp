#include <algorithm>
#include <iostream>
#include <queue>
#include <utility>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    std::cin >> n;
    std::vector<std::pair<int, int>> runs(n);
    for (auto &[deadline, minutes] : runs) std::cin >> minutes >> deadline;
    std::sort(runs.begin(), runs.end());
    std::priority_queue<int> taken;
    long long spent = 0;
    for (const auto &[deadline, minutes] : runs) {
        taken.push(minutes);
        spent += minutes;
        if (spent > deadline) {
            spent -= taken.top();
            taken.pop();
        }
    }
    std::cout << taken.size() << '\n';
}
