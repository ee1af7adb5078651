// Counts anew from each beginning.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n, classes, wanted;
    std::cin >> n >> classes >> wanted;
    std::vector<int> examples(n);
    for (int &example : examples) std::cin >> example;
    int best = n + 1;
    for (int begin = 0; begin < n; ++begin) {
        std::vector<int> count(classes + 1, 0);
        int lacking = classes;
        for (int i = begin; i < n && lacking > 0; ++i) {
            if (++count[examples[i]] == wanted && --lacking == 0) best = std::min(best, i - begin + 1);
        }
    }
    std::cout << (best <= n ? best : -1) << '\n';
}
