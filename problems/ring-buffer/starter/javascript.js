const ring = require("fs").readFileSync(0, "utf8").trim();

let length = 0;
let letter = "a";
// Your idea goes here.

console.log(`${length} ${letter}`);
