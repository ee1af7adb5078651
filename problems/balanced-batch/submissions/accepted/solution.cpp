#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, classes, wanted;
    std::cin >> n >> classes >> wanted;
    std::vector<std::vector<int>> places(classes + 1);
    std::vector<int> examples(n);
    for (int i = 0; i < n; ++i) {
        std::cin >> examples[i];
        places[examples[i]].push_back(i);
    }
    // The earliest end for each class only grows as the beginning moves on; so does the greatest of them.
    int end = 0, best = n + 1;
    std::vector<int> passed(classes + 1, 0);
    for (int label = 1; label <= classes; ++label) {
        if (int(places[label].size()) < wanted) end = n;
        else end = std::max(end, places[label][wanted - 1]);
    }
    for (int begin = 0; begin < n && end < n; ++begin) {
        best = std::min(best, end - begin + 1);
        const int leaving = examples[begin];
        const int next = ++passed[leaving] + wanted - 1;
        end = next < int(places[leaving].size()) ? std::max(end, places[leaving][next]) : n;
    }
    std::cout << (best <= n ? best : -1) << '\n';
}
