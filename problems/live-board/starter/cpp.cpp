#include <iostream>
#include <string>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, q;
    std::cin >> n >> q;
    for (int j = 0; j < q; ++j) {
        std::string kind;
        std::cin >> kind;
        if (kind == "set") {
            int i, x;
            std::cin >> i >> x;
            // Your idea goes here.
        } else if (kind == "undo") {
            // Here.
        } else {
            int number;
            std::cin >> number;
            // And here: "place" or "top".
            std::cout << 0 << '\n';
        }
    }
}
