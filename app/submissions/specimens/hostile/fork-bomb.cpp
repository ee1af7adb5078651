#include <cstdio>
#include <unistd.h>

int main() {
    for (int turn = 0; turn < 50; ++turn) {
        if (fork() != -1 || vfork() != -1) {
            std::puts("it could fork");
            _exit(0);
        }
    }
    std::puts("held");
}
