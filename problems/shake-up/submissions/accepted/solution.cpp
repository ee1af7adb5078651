#include <algorithm>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

int place(const std::vector<int> &descending, int score) {
    return std::lower_bound(descending.begin(), descending.end(), score, std::greater<int>()) - descending.begin() + 1;
}

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    std::cin >> n;
    std::vector<std::string> names(n);
    std::vector<int> before(n), after(n);
    for (int i = 0; i < n; ++i) std::cin >> names[i] >> before[i] >> after[i];
    std::vector<int> open = before, hidden = after;
    std::sort(open.rbegin(), open.rend());
    std::sort(hidden.rbegin(), hidden.rend());
    int best = -n, team = 0;
    for (int i = 0; i < n; ++i) {
        const int climb = place(open, before[i]) - place(hidden, after[i]);
        if (climb > best || (climb == best && names[i] < names[team])) {
            best = climb;
            team = i;
        }
    }
    std::cout << best << ' ' << names[team] << '\n';
}
