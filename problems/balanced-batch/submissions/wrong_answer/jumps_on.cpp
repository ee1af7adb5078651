// Begins anew behind each batch it found.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n, classes, wanted;
    std::cin >> n >> classes >> wanted;
    std::vector<int> count(classes + 1, 0);
    int lacking = classes, length = 0, best = n + 1;
    for (int i = 0; i < n; ++i) {
        int example;
        std::cin >> example;
        ++length;
        if (++count[example] == wanted) --lacking;
        if (lacking == 0) {
            best = std::min(best, length);
            std::fill(count.begin(), count.end(), 0);
            lacking = classes;
            length = 0;
        }
    }
    std::cout << (best <= n ? best : -1) << '\n';
}
