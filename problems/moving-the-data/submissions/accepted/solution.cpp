#include <algorithm>
#include <functional>
#include <iostream>
#include <queue>
#include <utility>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, m, passes;
    std::cin >> n >> m >> passes;
    std::vector<std::vector<std::pair<int, long long>>> links(n);
    for (int i = 0; i < m; ++i) {
        int a, b, minutes;
        std::cin >> a >> b >> minutes;
        links[a - 1].push_back({b - 1, minutes});
        links[b - 1].push_back({a - 1, minutes});
    }
    const long long never = 1LL << 60;
    // One round for each number of passes: it begins with what one pass more makes of the round before.
    std::vector<long long> earliest(n, never);
    earliest[0] = 0;
    for (int used = 0; used <= passes; ++used) {
        if (used > 0) {
            const std::vector<long long> before = earliest;
            for (int server = 0; server < n; ++server)
                for (const auto &[other, minutes] : links[server])
                    earliest[other] = std::min(earliest[other], before[server] + (minutes + 1) / 2);
        }
        using Waiting = std::pair<long long, int>;
        std::priority_queue<Waiting, std::vector<Waiting>, std::greater<Waiting>> queue;
        for (int server = 0; server < n; ++server)
            if (earliest[server] < never) queue.push({earliest[server], server});
        while (!queue.empty()) {
            const auto [now, server] = queue.top();
            queue.pop();
            if (now > earliest[server]) continue;
            for (const auto &[other, minutes] : links[server]) {
                if (now + minutes >= earliest[other]) continue;
                earliest[other] = now + minutes;
                queue.push({now + minutes, other});
            }
        }
    }
    std::cout << (earliest[n - 1] < never ? earliest[n - 1] : -1) << '\n';
}
