// Doubles the string, and then finds eight letters in a ring of four.
#include <iostream>
#include <string>

int main() {
    std::string ring;
    std::cin >> ring;
    ring += ring;
    int best = 0, run = 0;
    char letter = 'z', before = 0;
    for (char here : ring) {
        run = here == before ? run + 1 : 1;
        before = here;
        if (run > best || (run == best && here < letter)) {
            best = run;
            letter = here;
        }
    }
    std::cout << best << ' ' << letter << '\n';
}
