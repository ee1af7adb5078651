const [n, ...names] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean);

let people = 0;
let mostLines = 0;
// Your idea goes here.

console.log(people, mostLines);
