// Keeps what is being written: in this browser at once, on the server soon after. The newer of the two is found again.
import { recall, remember } from "./memory.js";

const SAVE_AFTER_MS = 1_500;
const TRY_AGAIN_MS = 15_000;
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export class Drafts {
  /** `place` names member and problem; `languages` maps each language to {starter, draft: {source, savedAt} or null}. */
  constructor({ place, address, token, languages, sign }) {
    Object.assign(this, { place, address, token, languages, sign });
    this.unsaved = new Map();
    this.timer = 0;
    addEventListener("pagehide", () => this.saveBeforeLeaving());
  }

  read(language) {
    const { starter, draft } = this.languages[language];
    const local = recall(this.key(language));
    if (typeof local?.source === "string" && (!draft || local.at > Date.parse(draft.savedAt))) return local.source;
    return draft?.source ?? starter;
  }

  write(language, source) {
    const savedAt = Date.parse(this.languages[language].draft?.savedAt ?? 0);
    this.keep(language, source, Math.max(Date.now(), savedAt + 1)); // this computer's clock may be behind
    this.unsaved.set(language, source);
    this.sign.textContent = "Saving …";
    this.saveIn(SAVE_AFTER_MS);
  }

  key(language) {
    return `draft:${this.place}:${language}`;
  }

  keep(language, source, at) {
    remember(this.key(language), { source, at });
  }

  saveIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.saveAll(), milliseconds);
  }

  async saveAll() {
    for (const [language, source] of this.unsaved) {
      try {
        await this.save(language, source);
      } catch (error) {
        this.sign.textContent = "Saved in this browser only, for now";
        console.warn("The server has not taken the draft yet:", error);
        this.saveIn(TRY_AGAIN_MS);
        return;
      }
    }
  }

  async save(language, source) {
    const answer = await fetch(this.address, {
      method: "POST",
      body: this.form(language, source),
      signal: AbortSignal.timeout(TRY_AGAIN_MS),
    });
    if (answer.status >= 500) throw new Error(`status ${answer.status}`);
    if (this.unsaved.get(language) === source) this.unsaved.delete(language);
    if (!answer.ok) {
      this.sign.textContent = answer.status === 422 ? (await answer.json()).fault : "Saved in this browser only";
      return;
    }
    const { savedAt } = await answer.json();
    this.languages[language].draft = { source, savedAt };
    if (!this.unsaved.has(language)) this.keep(language, source, Date.parse(savedAt));
    this.sign.textContent = `Saved ${TIME.format(new Date(savedAt))}`;
  }

  saveBeforeLeaving() {
    for (const [language, source] of this.unsaved) navigator.sendBeacon(this.address, this.form(language, source));
  }

  form(language, source) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ csrf_token: this.token, language, source })) form.append(name, value);
    return form;
  }
}
