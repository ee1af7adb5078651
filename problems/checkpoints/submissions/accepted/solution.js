const [n, patience, ...costs] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);

const least = [0];
const queue = [0];
let first = 0;
for (let epoch = 1; epoch <= n; epoch++) {
    if (queue[first] < epoch - patience) first++;
    least.push(least[queue[first]] + costs[epoch - 1]);
    while (queue.length > first && least[queue[queue.length - 1]] >= least[epoch]) queue.pop();
    queue.push(epoch);
}
console.log(least[n]);
