const [n, patience, ...losses] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);

let lastEpoch = 1;
let bestEpoch = 1;
// Your idea goes here.

console.log(lastEpoch, bestEpoch);
