#include <algorithm>
#include <iostream>
#include <vector>

// The nodes of a subtree are neighbours in depth-first order. Each heavy path is walked once from its end upwards,
// adding what hangs beside it to one table of counts that is emptied afterwards: n log n additions.
int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, m;
    long long alpha;
    std::cin >> n >> m >> alpha;
    std::vector<int> parent(n + 1, 0), heavy(n + 1, 0), size(n + 1, 1), start(n + 1, 0), next(n + 1, 0);
    std::vector<std::vector<int>> labels(n + 1);
    for (int i = 2; i <= n; ++i) std::cin >> parent[i];
    for (int j = 0; j < m; ++j) {
        int leaf, label;
        std::cin >> leaf >> label;
        labels[leaf].push_back(label);
    }
    for (int i = 1; i <= n; ++i) size[i] += labels[i].size();
    for (int i = n; i > 1; --i) size[parent[i]] += size[i];
    // A subtree takes as many places as its size: one for the node itself and one for each sample in it.
    for (int i = n; i > 1; --i)
        if (heavy[parent[i]] == 0 || size[i] > size[heavy[parent[i]]]) heavy[parent[i]] = i;
    std::vector<int> order(size[1], 0);
    for (int i = 1; i <= n; ++i) {
        if (i > 1) {
            start[i] = next[parent[i]];
            next[parent[i]] += size[i];
        }
        next[i] = start[i] + 1;
        for (int label : labels[i]) order[next[i]++] = label;
    }
    std::vector<int> count(50001, 0);
    std::vector<long long> wrong(n + 1, 0);
    for (int top = 1; top <= n; ++top) {
        if (top > 1 && heavy[parent[top]] == top) continue;
        std::vector<int> path;
        for (int node = top; node != 0; node = heavy[node]) path.push_back(node);
        int most = 0, samples = 0, from = 0, to = 0;
        const auto add = [&](int begin, int end) {
            for (int place = begin; place < end; ++place) {
                if (order[place] == 0) continue;
                ++samples;
                most = std::max(most, ++count[order[place]]);
            }
        };
        for (auto node = path.rbegin(); node != path.rend(); ++node) {
            const int begin = start[*node], end = begin + size[*node];
            if (node == path.rbegin()) {
                add(begin, end);
            } else {
                add(begin, from);
                add(to, end);
            }
            from = begin;
            to = end;
            wrong[*node] = samples - most;
        }
        for (int place = from; place < to; ++place) count[order[place]] = 0;
    }
    std::vector<long long> below(n + 1, 0);
    for (int i = n; i > 0; --i) {
        const long long cost = heavy[i] == 0 ? wrong[i] + alpha : std::min(wrong[i] + alpha, below[i]);
        below[parent[i]] += cost;
    }
    std::cout << below[0] << '\n';
}
