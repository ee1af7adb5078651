const [n, ...lines] = require("fs").readFileSync(0, "utf8").trim().split("\n");
const teams = lines.map((line) => {
    const [name, before, after] = line.trim().split(" ");
    return { name, before: Number(before), after: Number(after) };
});

let climb = 0;
let name = teams[0].name;
// Your idea goes here.

console.log(`${climb} ${name}`);
