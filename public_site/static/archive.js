// On a partner's page of a class: while its archive is drawn and sent, how far that is. The browser saves the file as it
// would without this script, which only names the download, to be able to ask about it.
(() => {
  const ASK_MS = 1000;
  const GIVE_UP = 20; // questions without an answer: the download was refused, or is another process's
  const link = document.getElementById("archive");
  const box = document.getElementById("archive-progress");
  if (!link || !window.crypto || !crypto.randomUUID) return; // no https: the note beside the link is enough
  const bar = box.querySelector("progress");
  const state = document.getElementById("archive-state");
  let running = null;

  function show(key, values) {
    const text = box.dataset[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
    if (state.textContent !== text) state.textContent = text;
  }

  async function ask(id, failures) {
    if (running !== id) return; // another download was begun
    let progress = null;
    try {
      const answer = await fetch(`/partner/downloads/${id}`, { cache: "no-store" });
      if (answer.ok) progress = await answer.json();
    } catch {
      // The network may come back.
    }
    if (!progress && failures >= GIVE_UP) {
      box.hidden = true;
      return;
    }
    if (progress) {
      bar.max = Math.max(progress.total, 1);
      bar.value = progress.done;
      if (progress.ended) {
        show(progress.held ? "held" : "done", { done: progress.done - progress.held, held: progress.held });
        return;
      }
      show("drawing", progress);
    }
    setTimeout(ask, ASK_MS, id, progress ? 0 : failures + 1);
  }

  link.addEventListener("click", () => {
    const id = crypto.randomUUID();
    const address = new URL(link.href);
    address.searchParams.set("download", id);
    link.href = address.href;
    running = id;
    bar.removeAttribute("value");
    box.hidden = false;
    setTimeout(ask, ASK_MS, id, 0);
  });
})();
