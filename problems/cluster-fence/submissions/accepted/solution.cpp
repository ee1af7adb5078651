#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

using Peg = std::pair<long long, long long>;

long long cross(const Peg &o, const Peg &a, const Peg &b) {
    return (a.first - o.first) * (b.second - o.second) - (a.second - o.second) * (b.first - o.first);
}

double apart(const Peg &a, const Peg &b) {
    return std::hypot(double(a.first - b.first), double(a.second - b.second));
}

int main() {
    int n;
    double r;
    if (std::scanf("%d %lf", &n, &r) != 2) return 1;
    std::vector<Peg> pegs(n);
    for (Peg &peg : pegs)
        if (std::scanf("%lld %lld", &peg.first, &peg.second) != 2) return 1;
    // Around the lowest peg all others are in the order of their angle.
    std::iter_swap(pegs.begin(), std::min_element(pegs.begin(), pegs.end()));
    const Peg first = pegs[0];
    std::sort(pegs.begin() + 1, pegs.end(), [&](const Peg &a, const Peg &b) {
        const long long turn = cross(first, a, b);
        return turn != 0 ? turn > 0 : apart(first, a) < apart(first, b);
    });
    std::vector<Peg> hull;
    for (const Peg &peg : pegs) {
        while (hull.size() > 1 && cross(hull[hull.size() - 2], hull.back(), peg) <= 0) hull.pop_back();
        if (hull.empty() || hull.back() != peg) hull.push_back(peg);
    }
    double length = 0;
    long long doubled = 0;
    for (size_t i = 0; i < hull.size(); ++i) {
        const Peg &a = hull[i], &b = hull[(i + 1) % hull.size()];
        length += apart(a, b);
        doubled += cross(first, a, b);
    }
    const double pi = std::acos(-1.0);
    std::printf("%.9f %.9f\n", length + 2 * pi * r, doubled / 2.0 + length * r + pi * r * r);
}
