#include <iostream>
#include <vector>

int main() {
    int n, patience;
    std::cin >> n >> patience;
    std::vector<int> losses(n);
    for (int &loss : losses) std::cin >> loss;

    int last_epoch = 1, best_epoch = 1;
    // Your idea goes here.

    std::cout << last_epoch << ' ' << best_epoch << '\n';
}
