// The field that a program is written in: a plain one, which phones and whoever prefers it get, or the code editor in its
// place. What is sent is always what stands in the plain one.
import { recall, remember } from "./memory.js";

const PLAIN_ONLY = matchMedia("(width < 48rem), (pointer: coarse)");
const REMEMBERED = "editor";

export class CodeField {
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.plain = root.querySelector("#source");
    this.frame = root.querySelector("[data-code-editor]");
    this.switch = root.querySelector("[data-editor-switch]");
    this.wayOut = root.querySelector("[data-way-out]");
    this.plain.addEventListener("input", changed);
    this.switch.querySelector("input").addEventListener("change", (event) => this.choose(event.target.checked));
    PLAIN_ONLY.addEventListener("change", () => this.show());
  }

  /** Show the field in `language`, by the editor's name for it. */
  open(source, language) {
    this.language = language;
    this.plain.value = source;
    if (!this.editor) return this.show();
    this.editor.write(source);
    this.editor.speak(language);
  }

  read() {
    return this.plain.value;
  }

  choose(wantsEditor) {
    remember(REMEMBERED, wantsEditor ? "code" : "plain");
    this.show();
  }

  async show() {
    const isPossible = !PLAIN_ONLY.matches && this.root.dataset.editor;
    const isWanted = isPossible && recall(REMEMBERED) !== "plain";
    this.switch.hidden = !isPossible;
    this.switch.querySelector("input").checked = isWanted;
    if (isWanted && !this.editor) await this.loadEditor();
    if (!isWanted) this.removeEditor();
    this.frame.hidden = this.wayOut.hidden = !this.editor;
    this.plain.hidden = Boolean(this.editor);
  }

  async loadEditor() {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      const [{ mount }, { afterEveryColourChange, isDark }] = await Promise.all([
        import(this.root.dataset.editor),
        import("./colours.js"),
        loadStyle(this.root.dataset.editorStyle),
      ]);
      this.frame.hidden = false; // its size is asked for at once
      this.editor = mount(this.frame, { label: "Program", changed: () => this.takeOver() });
      this.editor.write(this.plain.value);
      this.editor.speak(this.language);
      this.editor.colour(isDark());
      const { editor } = this;
      afterEveryColourChange(() => editor.colour(isDark()));
    } catch (error) {
      console.warn("The code editor could not be loaded; the plain field does as well:", error);
    } finally {
      this.isLoading = false;
    }
  }

  takeOver() {
    this.plain.value = this.editor.read();
    this.changed();
  }

  removeEditor() {
    this.editor?.remove();
    this.editor = null;
  }
}

function loadStyle(address) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: address, onload: resolve, onerror: reject });
    document.head.append(link);
  });
}
