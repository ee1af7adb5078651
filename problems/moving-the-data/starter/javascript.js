const [n, m, k, ...numbers] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);
const links = Array.from({ length: m }, (_, i) => numbers.slice(3 * i, 3 * i + 3)); // server, server, minutes

let minutes = -1;
// Your idea goes here.

console.log(minutes);
