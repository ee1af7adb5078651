#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, k, m;
    std::cin >> n >> k >> m;
    std::vector<int> examples(n);
    for (int &example : examples) std::cin >> example;

    int shortest = -1;
    // Your idea goes here.

    std::cout << shortest << '\n';
}
