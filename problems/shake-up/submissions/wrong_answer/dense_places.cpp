// Counts different higher scores instead of teams with higher scores.
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::vector<std::string> names(n);
    std::vector<int> before(n), after(n);
    for (int i = 0; i < n; ++i) std::cin >> names[i] >> before[i] >> after[i];
    std::map<int, int> open, hidden;
    int place = 0;
    for (int score : std::set<int>(before.begin(), before.end())) open[score] = --place;
    place = 0;
    for (int score : std::set<int>(after.begin(), after.end())) hidden[score] = --place;
    const int lowest = open.begin()->second - hidden.begin()->second;
    const int shift = int(open.size()) - int(hidden.size());
    int best = -n - lowest;
    std::string team;
    for (int i = 0; i < n; ++i) {
        const int climb = open[before[i]] - hidden[after[i]] + shift;
        if (team.empty() || climb > best || (climb == best && names[i] < team)) {
            best = climb;
            team = names[i];
        }
    }
    std::cout << best << ' ' << team << '\n';
}
