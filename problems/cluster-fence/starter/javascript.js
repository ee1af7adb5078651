const [n, r, ...numbers] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);
const pegs = Array.from({ length: n }, (_, i) => ({ x: numbers[2 * i], y: numbers[2 * i + 1] }));

let length = 0;
let area = 0;
// Your idea goes here.

console.log(length.toFixed(9), area.toFixed(9));
