// The script of offline.html, after verify.mjs in the same module: checks what is typed with what the page carries.
const carried = JSON.parse(document.getElementById("carried").textContent);
const believed = readKeys(carried.didDocument, carried.jwks, carried.origins);
const answer = document.getElementById("answer");
const only = (attribute, value) => {
  for (const element of document.querySelectorAll(`[data-${attribute}]`))
    if (element !== answer) element.hidden = element.dataset[attribute] !== value;
};

function warnWhenStale() {
  const until = carried.validUntil && new Date(carried.validUntil);
  document.getElementById("stale").hidden = !until || new Date() <= until;
}

async function check(event) {
  event.preventDefault();
  warnWhenStale();
  const verdict = await judge(document.getElementById("qr").value.trim(), believed, carried.statusLists);
  // A page without status lists cannot know whether a certificate still stands, so its best answer is no "valid".
  const isUnsure = verdict.checks.some(({ check, outcome }) => check === "status" && outcome === "skipped");
  answer.dataset.outcome = isUnsure ? "unverifiable" : verdict.outcome;
  only("says", answer.dataset.outcome);
  only("reason", verdict.checks.find(({ check, outcome }) => check !== "registry" && outcome !== "pass")?.detail);
  for (const element of document.querySelectorAll("[data-fact]"))
    element.textContent = verdict.certificate?.[element.dataset.fact] ?? "";
  document.getElementById("facts").hidden = !verdict.certificate;
  answer.hidden = false;
  answer.focus();
}

document.getElementById("form").addEventListener("submit", check);
document.getElementById("form").hidden = false;
warnWhenStale();
