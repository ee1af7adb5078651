#include <iostream>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    std::cin >> n;
    std::vector<std::string> names(n);
    std::vector<int> before(n), after(n);
    for (int i = 0; i < n; ++i) std::cin >> names[i] >> before[i] >> after[i];

    int climb = 0;
    std::string name = names[0];
    // Your idea goes here.

    std::cout << climb << ' ' << name << '\n';
}
