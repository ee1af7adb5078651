// Four threads that use the processor four times as fast, each with little room of its own.
#include <pthread.h>

void *burn(void *) {
    for (volatile unsigned turn = 0;; ++turn) {
    }
}

int main() {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 16);
    pthread_t thread;
    for (int number = 0; number < 3; ++number) {
        if (pthread_create(&thread, &small, burn, nullptr)) return 1;
    }
    burn(nullptr);
}
