#include <vector>

int main() {
    std::vector<std::vector<char>> held;
    for (;;) held.emplace_back(1000000, 'x');
}
