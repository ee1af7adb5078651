#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

int main() {
    for (;;) {
        void *part = mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (part == MAP_FAILED) std::abort();
        std::memset(part, 1, 1 << 20);
    }
}
