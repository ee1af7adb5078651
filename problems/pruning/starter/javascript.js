const [n, m, alpha, ...numbers] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);
const parents = [0, 0, ...numbers.slice(0, n - 1)]; // parents[i] is the parent of node i, from 2 on
const samples = Array.from({ length: m }, (_, j) => numbers.slice(n - 1 + 2 * j, n + 1 + 2 * j)); // leaf, label

let cost = 0;
// Your idea goes here.

console.log(cost);
