#include <iostream>

int main() {
    long long number;
    std::cin >> number;
    std::cout << 2 * number << "\n";
}
