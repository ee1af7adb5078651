// Keeps what is being written: in this browser at once, on the server soon after. A save says which saved draft it began
// from; where a newer one has come from elsewhere, nothing gives way until the member has chosen.
import { recall, remember } from "./memory.js";

const SAVE_AFTER_MS = 1_500;
const TRY_AGAIN_MS = 15_000;
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export class Drafts {
  /** `place` names member and problem; `languages` maps each language to {starter, draft: {source, savedAt} or null}. */
  constructor({ place, address, token, languages, sign, open }) {
    Object.assign(this, { place, address, token, languages, sign, open });
    this.unsaved = new Map();
    this.others = new Map(); // newer drafts that the member has not chosen about yet
    this.sent = {};
    addEventListener("pagehide", () => this.saveBeforeLeaving());
  }

  read(language) {
    const { starter, draft } = this.languages[language];
    const local = recall(this.key(language));
    if (isBefore(draft, local)) { // this page is an old copy, which the browser has shown again
      this.languages[language].draft = { source: local.source, savedAt: local.began };
      return local.source;
    }
    const isKnown = draft && (local?.isSaved || local?.source === draft.source);
    if (typeof local?.source !== "string" || isKnown) return draft?.source ?? starter;
    if (draft && local.began !== draft.savedAt) this.offer(language, draft);
    this.sent[language] = local.source; // perhaps, on leaving the page before
    return local.source;
  }

  write(language, source) {
    this.unsaved.set(language, source);
    this.keep(language, source);
    if (this.others.has(language)) return;
    this.sign.textContent = "Saving …";
    this.saveIn(SAVE_AFTER_MS);
  }

  key(language) {
    return `draft:${this.place}:${language}`;
  }

  keep(language, source) {
    const isSaved = !this.unsaved.has(language);
    remember(this.key(language), { source, began: this.began(language), isSaved });
  }

  began(language) {
    return this.others.has(language) ? null : this.languages[language].draft?.savedAt ?? "";
  }

  saveIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.saveAll(), milliseconds);
  }

  async saveAll() {
    if (this.isSaving) return this.saveIn(SAVE_AFTER_MS);
    this.isSaving = true;
    try {
      for (const [language, source] of this.unsaved) {
        if (!this.others.has(language)) await this.save(language, source);
      }
    } catch (error) {
      this.sign.textContent = "Saved in this browser only, for now";
      console.warn("The server has not taken the draft yet:", error);
      this.saveIn(TRY_AGAIN_MS);
    } finally {
      this.isSaving = false;
    }
  }

  async save(language, source) {
    const body = this.form(language, source);
    const sentBefore = this.sent[language];
    this.sent[language] = source;
    const answer = await fetch(this.address, { method: "POST", body, signal: AbortSignal.timeout(TRY_AGAIN_MS) });
    if (answer.status >= 500) throw new Error(`status ${answer.status}`);
    if (answer.redirected || [400, 401, 404].includes(answer.status)) return this.goOn();
    if (answer.status === 409) return this.settle(language, await answer.json(), sentBefore);
    if (this.unsaved.get(language) === source) this.unsaved.delete(language);
    if (!answer.ok) {
      this.sign.textContent = answer.status === 422 ? (await answer.json()).fault : "Saved in this browser only";
      return;
    }
    const { savedAt } = await answer.json();
    this.languages[language].draft = { source, savedAt };
    this.keep(language, this.unsaved.get(language) ?? source);
    this.sign.textContent = `Saved ${TIME.format(new Date(savedAt))}`;
  }

  async goOn() {
    const { isRenewed } = await import("./not_sent.js");
    if (await isRenewed(this)) this.saveIn(0);
    else this.sign.textContent = "Saved in this browser only";
  }

  // It may be what this page sent itself, and heard no answer to.
  settle(language, draft, sentBefore) {
    this.languages[language].draft = draft;
    if (draft.source === sentBefore) this.saveIn(0);
    else this.offer(language, draft);
  }

  async offer(language, draft) {
    this.others.set(language, draft);
    this.sign.textContent = "Saved in this browser only";
    const { offer } = await import("./other_draft.js");
    offer(this, language);
  }

  saveBeforeLeaving() {
    for (const [language, source] of this.unsaved) {
      navigator.sendBeacon(this.address, this.form(language, source));
      this.sent[language] = source;
    }
  }

  form(language, source) {
    const form = new FormData();
    const fields = { csrf_token: this.token.value, language, source, began: this.began(language) };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return form;
  }
}

function isBefore(draft, local) {
  return typeof local?.source === "string" && Date.parse(local.began) > Date.parse(draft?.savedAt ?? 0);
}
