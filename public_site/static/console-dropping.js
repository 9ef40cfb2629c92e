// On pages with a form for files: whatever is dropped on it goes to the field that takes such a file. Without this script
// the fields do the same.
(() => {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const fields = [...form.querySelectorAll("input[type=file]")];

  function fieldFor(file) {
    const name = file.name.toLowerCase();
    return fields.find((field) => field.accept.split(",").some((ending) => name.endsWith(ending)));
  }

  document.addEventListener("dragover", (event) => {
    event.preventDefault(); // a file that misses the form would be opened in place of the page
    form.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("dropping");
    for (const file of event.dataTransfer.files) {
      const field = fieldFor(file);
      if (!field) continue;
      const one = new DataTransfer();
      one.items.add(file);
      field.files = one.files;
      field.focus();
    }
  });
})();
