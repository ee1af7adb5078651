const ring = require("fs").readFileSync(0, "utf8").trim();

const runs = ring.match(/(.)\1*/g).map((run) => [run.length, run[0]]);
const joins = runs.length > 1 && ring[0] === ring[ring.length - 1];
if (joins) runs.push([runs[0][0] + runs[runs.length - 1][0], ring[0]]);

let [best, letter] = runs[0];
for (const [length, candidate] of runs) {
    if (length > best || (length === best && candidate < letter)) [best, letter] = [length, candidate];
}
console.log(`${best} ${letter}`);
