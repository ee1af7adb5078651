// Takes people for the same whose letters have the same sum.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <string>
#include <unordered_map>

int main() {
    int n, most = 0;
    std::cin >> n;
    std::unordered_map<int, int> lines;
    for (std::string written; std::cin >> written;) {
        int sum = 0;
        for (unsigned char sign : written)
            if (std::isalnum(sign)) sum += std::tolower(sign);
        most = std::max(most, ++lines[sum]);
    }
    std::cout << lines.size() << ' ' << most << '\n';
}
