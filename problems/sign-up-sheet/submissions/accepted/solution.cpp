#include <algorithm>
#include <cctype>
#include <iostream>
#include <string>
#include <unordered_map>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, most = 0;
    std::cin >> n;
    std::unordered_map<std::string, int> lines;
    for (std::string written; std::cin >> written;) {
        std::string name;
        for (unsigned char sign : written)
            if (std::isalnum(sign)) name += std::tolower(sign);
        most = std::max(most, ++lines[name]);
    }
    std::cout << lines.size() << ' ' << most << '\n';
}
