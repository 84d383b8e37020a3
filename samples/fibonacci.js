// A script for `stateset contract run`: its last expression is the result, its cost is counted.
let [a, b] = [0n, 1n];
for (let i = 0; i < 100; i++) [a, b] = [b, a + b];
({ fibonacci100: a });
