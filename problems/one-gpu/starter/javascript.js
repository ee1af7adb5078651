const [n, ...numbers] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);
const runs = Array.from({ length: n }, (_, i) => ({ minutes: numbers[2 * i], deadline: numbers[2 * i + 1] }));

let inTime = 0;
// Your idea goes here.

console.log(inTime);
