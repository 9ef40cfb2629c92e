// Forms whose answer a passkey gives. They are hidden until this script finds that the browser can do it; without it,
// password and code do the same.
(() => {
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const bytes = (encoded) =>
    Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  const ids = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function options(form) {
    const body = new URLSearchParams({ form_token: form.elements.form_token.value });
    const answer = await fetch(form.dataset.options, { method: "POST", body });
    if (!answer.ok) throw new Error("no options");
    const given = await answer.json();
    return { ...given, challenge: bytes(given.challenge) };
  }

  async function create(form) {
    const given = await options(form);
    const publicKey = {
      ...given,
      user: { ...given.user, id: bytes(given.user.id) },
      excludeCredentials: ids(given.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    return shown(made, { attestationObject: text(made.response.attestationObject) });
  }

  async function get(form) {
    const given = await options(form);
    const publicKey = { ...given, allowCredentials: ids(given.allowCredentials) };
    const used = await navigator.credentials.get({ publicKey });
    return shown(used, {
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
      userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
    });
  }

  function shown(credential, response) {
    const clientDataJSON = text(credential.response.clientDataJSON);
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: { clientDataJSON, ...response } };
  }

  // A passkey belongs to a name, never to a bare address.
  const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
  if (!window.PublicKeyCredential || isAddress) return;
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      const failed = form.querySelector("[role=alert]");
      failed.hidden = true;
      try {
        const answer = await (form.dataset.passkey === "create" ? create(form) : get(form));
        form.elements.answer.value = JSON.stringify(answer);
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
