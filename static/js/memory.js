// What this browser keeps from visit to visit; a browser that keeps nothing, or something else, does as well.

export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    console.warn("This browser keeps nothing:", error);
  }
}
