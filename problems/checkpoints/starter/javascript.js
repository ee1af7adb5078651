const [n, k, ...costs] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);

let least = 0;
// Your idea goes here.

console.log(least);
