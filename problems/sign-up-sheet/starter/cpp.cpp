#include <iostream>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    std::cin >> n;
    std::vector<std::string> names(n);
    for (std::string &name : names) std::cin >> name;

    int people = 0, most_lines = 0;
    // Your idea goes here.

    std::cout << people << ' ' << most_lines << '\n';
}
