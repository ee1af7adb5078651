const [head, ...lines] = require("fs").readFileSync(0, "utf8").trim().split("\n").map((line) => line.trim().split(" "));
const n = Number(head[0]);

// All sums stay below 2 ** 53, so that plain numbers hold them exactly.
const different = new Set([0]);
for (const line of lines) if (line[0] === "set") different.add(Number(line[2]));
const scores = [...different].sort((a, b) => b - a);
const numberOf = new Map(scores.map((score, i) => [score, i + 1]));
const size = scores.length;
const counts = new Int32Array(size + 1);
const sums = new Float64Array(size + 1);

function add(number, members) {
    const points = members * scores[number - 1];
    for (; number <= size; number += number & -number) {
        counts[number] += members;
        sums[number] += points;
    }
}

function membersAbove(number) {
    let members = 0;
    for (number--; number > 0; number &= number - 1) members += counts[number];
    return members;
}

function sumOfTop(members) {
    let number = 0;
    let points = 0;
    for (let bit = 1 << (31 - Math.clz32(size)); bit > 0; bit >>= 1) {
        const beyond = number + bit;
        if (beyond > size || counts[beyond] > members) continue;
        number = beyond;
        members -= counts[beyond];
        points += sums[beyond];
    }
    return members === 0 ? points : points + members * scores[number];
}

const held = new Int32Array(n + 1).fill(size);
add(size, n);

function move(member, number) {
    add(held[member], -1);
    add(number, 1);
    held[member] = number;
}

const before = [];
const answers = [];
for (const [kind, first, second] of lines) {
    if (kind === "set") {
        before.push([Number(first), held[first]]);
        move(Number(first), numberOf.get(Number(second)));
    } else if (kind === "undo") {
        move(...before.pop());
    } else if (kind === "place") {
        answers.push(1 + membersAbove(held[first]));
    } else {
        answers.push(sumOfTop(Number(first)));
    }
}
console.log(answers.join("\n"));
