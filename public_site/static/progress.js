// A job's page, live: numbers and codes come as server-sent events, the words stand in the page already.
// Without this script the page reloads itself every five seconds.
"use strict";
(() => {
  const job = document.getElementById("job");
  const state = document.getElementById("state");
  const trouble = document.getElementById("trouble");
  const words = (key, n) => job.dataset[key].replace("{n}", n);

  const show = (progress) => {
    state.textContent = job.dataset[progress.state];
    trouble.hidden = !progress.trouble;
    trouble.querySelector(".code").textContent = progress.trouble || "";
    for (const stage of progress.stages) {
      const row = document.getElementById(`stage-${stage.stage}`);
      const bar = row.querySelector("progress");
      bar.max = Math.max(stage.total, 1);
      bar.value = stage.done + stage.held;
      const part = (name) => row.querySelector(`[data-part="${name}"]`);
      part("done").textContent = stage.done;
      part("total").textContent = stage.total;
      part("held").textContent = stage.held ? words("held", stage.held) : "";
      part("rate").textContent = stage.rate ? words("rate", stage.rate.toFixed(1)) : "";
    }
  };

  const source = new EventSource(job.dataset.events);
  const before = job.dataset.state;
  source.addEventListener("progress", (event) => {
    const progress = JSON.parse(event.data);
    // What may be done with a job depends on its state: the page with its buttons comes anew.
    if (before !== progress.state) {
      source.close();
      location.reload();
      return;
    }
    show(progress);
  });
  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });
})();
