#include <iostream>
#include <string>
#include <utility>
#include <vector>

// A tree over all scores, made only where members have been. A node knows how many there are, and their sum.
struct Node {
    int left = 0, right = 0, members = 0;
    long long sum = 0;
};

const int HIGHEST = (1 << 30) - 1;
std::vector<Node> nodes(2);

void add(int score, int members) {
    int node = 1, low = 0, high = HIGHEST;
    while (true) {
        nodes[node].members += members;
        nodes[node].sum += 1LL * members * score;
        if (low == high) return;
        const int middle = (low + high) / 2;
        const bool goes_left = score <= middle;
        int next = goes_left ? nodes[node].left : nodes[node].right;
        if (next == 0) {
            next = nodes.size();
            nodes.emplace_back();
            (goes_left ? nodes[node].left : nodes[node].right) = next;
        }
        node = next;
        (goes_left ? high : low) = goes_left ? middle : middle + 1;
    }
}

int members_above(int score) {
    int node = 1, low = 0, high = HIGHEST, members = 0;
    while (node != 0 && low < high) {
        const int middle = (low + high) / 2;
        if (score <= middle) {
            members += nodes[nodes[node].right].members;
            node = nodes[node].left;
            high = middle;
        } else {
            node = nodes[node].right;
            low = middle + 1;
        }
    }
    return members;
}

long long sum_of_top(int members) {
    int node = 1, low = 0, high = HIGHEST;
    long long sum = 0;
    while (low < high) {
        const int middle = (low + high) / 2;
        const Node &right = nodes[nodes[node].right];
        if (right.members >= members) {
            node = nodes[node].right;
            low = middle + 1;
        } else {
            members -= right.members;
            sum += right.sum;
            node = nodes[node].left;
            high = middle;
        }
    }
    return sum + 1LL * members * low;
}

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, q;
    std::cin >> n >> q;
    add(0, n);
    std::vector<int> score(n + 1, 0);
    std::vector<std::pair<int, int>> before;
    while (q-- > 0) {
        std::string kind;
        int number = 0;
        std::cin >> kind;
        if (kind == "place") {
            std::cin >> number;
            std::cout << 1 + members_above(score[number]) << '\n';
        } else if (kind == "top") {
            std::cin >> number;
            std::cout << sum_of_top(number) << '\n';
        } else {
            std::pair<int, int> change;
            if (kind == "set") {
                std::cin >> change.first >> change.second;
                before.push_back({change.first, score[change.first]});
            } else {
                change = before.back();
                before.pop_back();
            }
            add(score[change.first], -1);
            add(change.second, 1);
            score[change.first] = change.second;
        }
    }
}
