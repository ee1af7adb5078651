// Products and moments are beyond what a plain number holds exactly: these are BigInt.
const [x0, a, c, m, q, ...moments] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(BigInt);

const answers = moments.map((t) => {
    let x = x0;
    // Your idea goes here.
    return x;
});

console.log(answers.join("\n"));
