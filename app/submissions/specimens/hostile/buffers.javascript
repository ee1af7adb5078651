// Memory outside the heap that node's own option limits.
const held = [];
for (;;) held.push(Buffer.alloc(8 << 20, 1));
