// Works turns out in single precision.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

using Peg = std::pair<float, float>;

int main() {
    int n;
    double r;
    if (std::scanf("%d %lf", &n, &r) != 2) return 1;
    std::vector<Peg> pegs(n), hull;
    for (Peg &peg : pegs)
        if (std::scanf("%f %f", &peg.first, &peg.second) != 2) return 1;
    std::sort(pegs.begin(), pegs.end());
    for (int side = 0; side < 2; ++side) {
        const size_t start = hull.size();
        for (const Peg &peg : pegs) {
            while (hull.size() > start + 1) {
                const Peg &a = hull[hull.size() - 2], &b = hull.back();
                const float turn = (b.first - a.first) * (peg.second - a.second) - (b.second - a.second) * (peg.first - a.first);
                if (turn > 0) break;
                hull.pop_back();
            }
            hull.push_back(peg);
        }
        hull.pop_back();
        std::reverse(pegs.begin(), pegs.end());
    }
    float length = 0, doubled = 0;
    for (size_t i = 0; i < hull.size(); ++i) {
        const Peg &a = hull[i], &b = hull[(i + 1) % hull.size()];
        length += std::hypot(a.first - b.first, a.second - b.second);
        doubled += a.first * b.second - a.second * b.first;
    }
    const double pi = std::acos(-1.0);
    std::printf("%.9f %.9f\n", length + 2 * pi * r, doubled / 2.0 + length * r + pi * r * r);
}
