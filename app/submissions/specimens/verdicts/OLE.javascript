const line = "more and more".repeat(1000);
for (;;) require("fs").writeSync(1, line);
