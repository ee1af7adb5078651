// Uses a pass for each sending as long as there are any.
#include <functional>
#include <iostream>
#include <map>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

int main() {
    int n, m, passes;
    std::cin >> n >> m >> passes;
    std::vector<std::vector<std::pair<int, long long>>> links(n + 1);
    for (int i = 0; i < m; ++i) {
        int a, b, minutes;
        std::cin >> a >> b >> minutes;
        links[a].push_back({b, minutes});
        links[b].push_back({a, minutes});
    }
    using Waiting = std::tuple<long long, int, int>;
    std::priority_queue<Waiting, std::vector<Waiting>, std::greater<Waiting>> queue;
    std::map<std::pair<int, int>, long long> earliest;
    queue.push({0, 1, 0});
    long long answer = -1;
    while (!queue.empty()) {
        const auto [now, server, used] = queue.top();
        queue.pop();
        if (server == n) {
            answer = now;
            break;
        }
        const bool fast = used < passes;
        for (const auto &[other, minutes] : links[server]) {
            const long long then = now + (fast ? (minutes + 1) / 2 : minutes);
            const auto found = earliest.find({other, used + fast});
            if (found != earliest.end() && found->second <= then) continue;
            earliest[{other, used + fast}] = then;
            queue.push({then, other, used + fast});
        }
    }
    std::cout << answer << '\n';
}
