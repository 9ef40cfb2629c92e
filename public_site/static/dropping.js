// On the page that checks files: a file may be dropped or pasted, and one that is too large is refused before it is sent.
// Without this script the button does the same.
(() => {
  const input = document.getElementById("file");
  const form = input.form;
  const card = form.parentElement;
  const tooLarge = document.getElementById("error-large");

  function isTooLarge() {
    const file = input.files[0];
    return Boolean(file) && file.size > Number(input.dataset.maxBytes);
  }

  function judge() {
    tooLarge.hidden = !isTooLarge();
    if (isTooLarge()) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  function take(event, data) {
    card.classList.remove("dropping");
    if (!data || !data.files.length) return;
    event.preventDefault();
    const one = new DataTransfer(); // the form has room for one
    one.items.add(data.files[0]);
    input.files = one.files;
    judge();
    input.focus();
  }

  document.getElementById("drop").hidden = false;
  input.addEventListener("change", judge);
  form.addEventListener("submit", (event) => {
    if (!isTooLarge()) return;
    event.preventDefault();
    input.focus();
  });
  // A file that misses the card would otherwise be opened in place of the page.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    card.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || card.classList.remove("dropping"));
  document.addEventListener("drop", (event) => take(event, event.dataTransfer));
  document.addEventListener("paste", (event) => take(event, event.clipboardData));
})();
