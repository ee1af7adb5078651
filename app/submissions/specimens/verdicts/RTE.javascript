throw new Error("this is meant");
