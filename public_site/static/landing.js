// On the page behind a QR code: what the code itself has signed, verified here and compared with what the page shows.
// What follows # never leaves the browser. Where it cannot be checked (no https, no Ed25519, no network, another text
// after #) nothing is said; where it does not match, nothing else on the page may look like an answer.
const OURS = /^#0oRHogEnBE[I-L][\w-]+$/; // how each signature of a code of ours begins: signing/FORMAT.md
const SOME_KEY = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }; // RFC 8032, 7.1
const LIST_LENGTH = 131072;

async function knowsTheAlgorithm() {
  if (!window.crypto || !crypto.subtle) return false;
  return crypto.subtle.importKey("jwk", SOME_KEY, "Ed25519", false, ["verify"]).then(() => true, () => false);
}

async function published(name) {
  const response = await fetch(`/.well-known/${name}`, { cache: "no-cache" }); // a key may be a minute old
  if (!response.ok) throw new Error(name);
  return response.text();
}

// The register has the last word on compromised keys: here their codes are read, and compared like others.
async function believedKeys(readKeys) {
  const [did, text] = await Promise.all(["did.json", "jwks.json"].map(published));
  const { keys, compromisedKeys = [] } = JSON.parse(text);
  return readKeys(did, JSON.stringify({ keys: keys.concat(compromisedKeys) }), [location.origin]);
}

function isShown({ certificate: { name, number, issuedOn }, kind, list, position }, page) {
  const shown = (fact) => page.querySelector(`[data-fact=${fact}]`);
  return (
    shown("name").textContent === name &&
    shown("number").textContent === number &&
    shown("issuedOn").dateTime === issuedOn &&
    page.dataset.kind === String(kind) &&
    page.dataset.statusIndex === String(list * LIST_LENGTH + position)
  );
}

// Returns "match", "differs", "broken" or "unregistered"; throws where it cannot tell.
async function compare() {
  const { CannotCheck, readKeys, verifyQr } = await import("/kit/verify.mjs");
  const keys = await believedKeys(readKeys);
  const page = document.getElementById("certificate");
  let found;
  try {
    found = await verifyQr(location.origin + location.pathname + location.hash, keys);
  } catch (error) {
    if (error instanceof CannotCheck) throw error;
    return "broken";
  }
  if (!page) return "unregistered";
  return isShown(found, page) ? "match" : "differs";
}

function say(outcome) {
  document.getElementById(`code-${outcome}`).hidden = false;
  if (outcome === "match") return;
  document.getElementById("main").classList.add("doubted");
  document.title = document.querySelector(`#code-${outcome} h2`).textContent;
  window.scrollTo(0, 0);
}

if (OURS.test(location.hash)) {
  document.querySelector(".language").hash = location.hash; // the other language compares as well
  knowsTheAlgorithm().then((known) => known && compare().then(say)).catch(() => {});
}
// Another code for the same address changes only what follows #, which loads nothing by itself.
window.addEventListener("hashchange", () => OURS.test(location.hash) && location.reload());
