// Forms hold a token that is good for one login: a page that outlives its login takes the token of a page that is asked for now.

/** Ask for the page at `address`: its status, and who is logged in there. All forms here get its token. */
export async function renew(address) {
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrf_token]")?.value;
  if (answer.ok && token) {
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }
  return { status: answer.status, memberId: page.body.dataset.memberId };
}
