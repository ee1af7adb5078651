// Compares each loss with the one before it only.
#include <iostream>
#include <vector>

int main() {
    int n, patience;
    std::cin >> n >> patience;
    std::vector<int> losses(n);
    for (int &loss : losses) std::cin >> loss;
    int best = 0, epoch = 0;
    for (int i = 1; i < n && epoch - best < patience; ++i) {
        epoch = i;
        if (losses[i] < losses[i - 1]) best = i;
    }
    std::cout << epoch + 1 << ' ' << best + 1 << '\n';
}
