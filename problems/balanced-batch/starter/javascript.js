const [n, k, m, ...examples] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);

let shortest = -1;
// Your idea goes here.

console.log(shortest);
