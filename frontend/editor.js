// The code editor of the problem page: Monaco with the club's languages behind one function. Bundled by ops/build_assets.py.
import { editor, KeyCode } from "monaco-editor/editor";
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/cpp/register";
import "monaco-editor/languages/definitions/java/register";
import "monaco-editor/languages/definitions/javascript/register";
import "monaco-editor/languages/definitions/python/register";

self.MonacoEnvironment = {
  getWorker: () => new Worker(new URL("./editor.worker.js", import.meta.url), { type: "module" }),
};

// The surfaces of site.css; what stands on them keeps a contrast of 4.5 to 1.
editor.defineTheme("light", {
  base: "vs",
  inherit: true,
  rules: [],
  colors: { "editor.background": "#ffffff", "editorLineNumber.foreground": "#56606e" },
});
editor.defineTheme("dark", {
  base: "vs-dark",
  inherit: true,
  rules: [{ token: "comment", foreground: "7fb36b" }],
  colors: { "editor.background": "#151b23", "editorLineNumber.foreground": "#9aa6b4" },
});

const STAYING_KEYS = [KeyCode.Tab, KeyCode.Shift, KeyCode.Escape];

// Escape, then Tab leads out of the editor; any other key, and Tab indents again. (Ctrl+M does it for good.)
function letOut(code) {
  const leave = (tabFocusMode) => code.updateOptions({ tabFocusMode });
  code.onKeyDown((event) => {
    if (event.keyCode === KeyCode.Escape) leave(true);
    else if (!STAYING_KEYS.includes(event.keyCode)) leave(false);
  });
  code.onDidBlurEditorText(() => leave(false));
}

/** An editor that fills `parent`; `changed` is called after each change that was not made by `write`. */
export function mount(parent, { label, changed }) {
  const code = editor.create(parent, {
    ariaLabel: label,
    accessibilitySupport: "auto",
    automaticLayout: true,
    fixedOverflowWidgets: true,
    fontSize: 14,
    minimap: { enabled: false },
    padding: { top: 12, bottom: 12 },
    renderFinalNewline: "on", // dimmed, its number could hardly be read
    scrollBeyondLastLine: false,
  });
  let isWriting = false;
  code.onDidChangeModelContent(() => { if (!isWriting) changed(); });
  letOut(code);
  return {
    read: () => code.getValue(),
    write(text) {
      isWriting = true;
      code.setValue(text);
      isWriting = false;
    },
    speak: (language) => editor.setModelLanguage(code.getModel(), language),
    colour: (isDark) => editor.setTheme(isDark ? "dark" : "light"),
    focus: () => code.focus(),
    remove: () => code.dispose(),
  };
}
