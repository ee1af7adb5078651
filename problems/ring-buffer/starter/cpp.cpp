#include <iostream>
#include <string>

int main() {
    std::string ring;
    std::cin >> ring;

    int length = 0;
    char letter = 'a';
    // Your idea goes here.

    std::cout << length << ' ' << letter << '\n';
}
