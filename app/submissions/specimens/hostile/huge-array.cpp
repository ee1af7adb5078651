char room[3000000000] = {1};

int main() {
    return room[1];
}
