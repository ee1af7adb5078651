// Asks before a form that was written in is left without being sent.
let isChanged = Boolean(document.querySelector(".field-error")); // sent, and refused

for (const form of document.querySelectorAll("[data-unsaved]")) {
  form.addEventListener("input", () => { isChanged = true; });
  form.addEventListener("submit", ({ submitter }) => { isChanged &&= submitter?.formTarget === "_blank"; });
}
addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
