const [n, ...lines] = require("fs").readFileSync(0, "utf8").trim().split("\n");

const teams = lines.map((line) => {
    const [name, before, after] = line.trim().split(" ");
    return { name, before: Number(before), after: Number(after) };
});

function places(scores) {
    const place = new Map();
    scores.sort((a, b) => b - a);
    scores.forEach((score, i) => place.has(score) || place.set(score, i + 1));
    return place;
}

const open = places(teams.map((team) => team.before));
const hidden = places(teams.map((team) => team.after));
let best = { climb: -Infinity, name: "" };
for (const { name, before, after } of teams) {
    const climb = open.get(before) - hidden.get(after);
    if (climb > best.climb || (climb === best.climb && name < best.name)) best = { climb, name };
}
console.log(`${best.climb} ${best.name}`);
