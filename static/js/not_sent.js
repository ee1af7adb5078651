// Why nothing gets through, and how it goes on: the problem's page, asked for anew, knows who is logged in now and holds a
// token that is good again.
import { renew } from "./tokens.js";

const WHY = {
  out: ["Your login has ended. What you wrote stays here. ", "/login", "Log in again", " (in a new tab), then come back."],
  other: ["Somebody else is logged in here now. What you wrote stays here. ", "/login", "Log in as yourself", " (in a new tab), then come back."],
  gone: ["This problem isn’t at this address any more. What you wrote stays here: keep a copy. ", "/problems", "All problems", " (in a new tab)"],
};
const RENEWS = [400, 401, 404];
let isAgain = false;
let isWaiting = false;

addEventListener("htmx:afterRequest", ({ target, detail }) => { if (target.id === "program" && detail.successful) isAgain = false; });

/** Say why a program was not taken; where only the token was too old, the same button is pressed once more. */
export async function explain({ xhr, requestConfig }, drafts) {
  if (xhr.status === 413) return tell("That is too long to be judged: a program may have at most 256 kB.");
  if (RENEWS.includes(xhr.status) && !isAgain) {
    try {
      if (!await isRenewed(drafts)) return;
      isAgain = true; // once: what is refused for another reason would be sent for ever
      return requestConfig.triggeringEvent.submitter.click();
    } catch (error) {
      console.warn("The page does not answer either:", error);
    }
  }
  isAgain = false;
  tell("That did not get through. Your program is still here; try again in a moment.");
}

/** Whether the page may send again; where not, it is said why, and tried again when the member comes back. */
export async function isRenewed(drafts) {
  const standing = await look(drafts);
  if (!standing) return true;
  tell(...WHY[standing]);
  comeBack(drafts);
  return false;
}

async function look({ address }) {
  const { status, memberId } = await renew(address.replace(/\/draft$/, ""));
  if (status === 404) return "gone";
  if (status !== 200) throw new Error(`status ${status}`);
  if (memberId !== document.body.dataset.memberId) return memberId ? "other" : "out";
  return "";
}

function comeBack(drafts) {
  if (isWaiting) return;
  isWaiting = true;
  addEventListener("focus", async () => {
    isWaiting = false;
    try {
      if (!await isRenewed(drafts)) return;
      tell("You are logged in again: go on where you were.");
      drafts.saveIn(0);
    } catch {
      comeBack(drafts); // offline: when they come back once more
    }
  }, { once: true });
}

function tell(sentence, address, words, rest) {
  const refusal = document.getElementById("refusal");
  refusal.textContent = sentence;
  if (address) {
    const link = document.createElement("a");
    Object.assign(link, { href: address, target: "_blank", textContent: words });
    refusal.append(link, rest);
  }
  refusal.hidden = false;
}
