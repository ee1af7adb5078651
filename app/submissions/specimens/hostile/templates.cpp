// Twice as many types with every step.
template <int depth, int path> struct Tree {
    using left = typename Tree<depth - 1, 2 * path>::left;
    using right = typename Tree<depth - 1, 2 * path + 1>::right;
};
template <int path> struct Tree<0, path> {
    using left = int;
    using right = int;
};

int main() {
    return sizeof(Tree<24, 1>::left);
}
