// On the page that refuses a question because too many like it have failed: a proof of work, in the format of ALTCHA 2,
// earns one more answer. The deriving itself runs beside the page's thread, in the browser's WebCrypto. Without this
// script, or without WebCrypto (no https), the page offers nothing.
(() => {
  const AT_ONCE = 16; // enough to keep its threads busy
  const form = document.getElementById("work");
  const challenge = JSON.parse(form.dataset.challenge);
  const asked = challenge.parameters;

  const bytes = (hex) => new Uint8Array(hex.match(/../g).map((pair) => parseInt(pair, 16)));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => `0${byte.toString(16)}`.slice(-2)).join("");

  async function derive(counter) {
    const nonce = bytes(asked.nonce);
    const password = new Uint8Array(nonce.length + 4);
    password.set(nonce);
    new DataView(password.buffer).setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(asked.salt), iterations: asked.cost };
    return hex(await crypto.subtle.deriveBits(how, key, asked.keyLength * 8));
  }

  async function solve() {
    for (let start = 0; ; start += AT_ONCE) {
      if (Date.now() / 1000 > asked.expiresAt) throw new Error("too late");
      const counters = Array.from({ length: AT_ONCE }, (_, place) => start + place);
      const derived = await Promise.all(counters.map(derive));
      const place = derived.findIndex((key) => key.startsWith(asked.keyPrefix));
      if (place >= 0) return { counter: start + place, derivedKey: derived[place] };
    }
  }

  let shown = "";
  function show(what) {
    shown = what;
    for (const name of ["doing", "failed"]) document.getElementById(`work-${name}`).hidden = name !== what;
  }

  if (!window.crypto || !crypto.subtle || asked.algorithm !== "PBKDF2/SHA-256") return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (shown === "doing") return; // pressed twice; a disabled button would lose the keyboard's place
    show("doing");
    solve()
      .then((solution) => {
        form.elements.solution.value = btoa(JSON.stringify({ challenge, solution }));
        form.submit();
      })
      .catch(() => show("failed"));
  });
  window.addEventListener("pageshow", () => show("")); // whoever came back may try again
  form.hidden = false;
})();
