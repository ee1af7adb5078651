const [head, ...lines] = require("fs").readFileSync(0, "utf8").trim().split("\n").map((line) => line.trim().split(" "));
const [n, q] = head.map(Number);

const answers = [];
for (const [kind, ...numbers] of lines) {
    if (kind === "place" || kind === "top") {
        // Your idea goes here, and for "set" and "undo" beside it.
        answers.push(0);
    }
}

console.log(answers.join("\n"));
