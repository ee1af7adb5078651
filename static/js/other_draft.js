// Says that a newer draft has been saved elsewhere, above what is being written here, and lets the member choose.
const MOMENT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function offer(drafts, language) {
  const select = document.getElementById("language");
  const other = drafts.others.get(language);
  if (select.value !== language || !other) return; // it is offered when they come back to this language
  document.getElementById("other-draft")?.remove();
  const notice = document.createElement("div");
  Object.assign(notice, { id: "other-draft", className: "flash flash-warn", role: "alert" });
  notice.append(sentence(other), button("Take it", "", take), " ", button("Keep mine", "secondary", keep));
  document.querySelector("#program .workspace-bar").after(notice);
  select.addEventListener("change", () => notice.remove(), { once: true });

  function take() {
    drafts.others.delete(language);
    drafts.unsaved.delete(language);
    drafts.keep(language, other.source);
    drafts.open(other.source);
    drafts.sign.textContent = "";
    notice.remove();
  }

  function keep() {
    drafts.others.delete(language);
    drafts.write(language, document.getElementById("source").value);
    notice.remove();
  }
}

function sentence({ source, savedAt }) {
  const paragraph = document.createElement("p");
  const when = MOMENT.format(new Date(savedAt));
  paragraph.textContent = `A newer draft came from another window or device, ${when}: ${lines(source)}, and here you have `
    + `${lines(document.getElementById("source").value)}. Until you choose, what you write here is kept in this browser only.`;
  return paragraph;
}

function lines(text) {
  const number = text.split("\n").length;
  return `${number.toLocaleString("en")} ${number === 1 ? "line" : "lines"}`;
}

function button(textContent, className, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent, className });
  made.addEventListener("click", act);
  return made;
}
