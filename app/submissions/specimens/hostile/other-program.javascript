const { error } = require("child_process").spawnSync("/bin/true");
console.log(error ? "held" : "it could start a program");
