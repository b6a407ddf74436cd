// A form that must not be lost where there is no network: what was typed stays on this device until the server has it.
// Without it every step is saved by the server when its button is pressed.
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = `draft:${form.dataset.draft}`;
  const told = { unsent: document.getElementById("unsent"), pictures: document.getElementById("unsent-pictures") };
  const own = new Set(["csrf", "next", "finish"]);

  const typed = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !own.has(name));
  const hasFiles = () => [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length > 0);
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  };
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify(typed()));
    } catch {
      // A full or closed store: the page itself still holds what was typed.
    }
  };
  const tell = () => {
    told.unsent.hidden = false;
    told.pictures.hidden = !hasFiles();
  };

  const put = (name, value) => {
    for (const field of form.elements) {
      if (field.name !== name) continue;
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type !== "file") field.value = value;
    }
  };

  const kept = read();
  if (Array.isArray(kept) && JSON.stringify(kept) !== JSON.stringify(typed())) {
    for (const [name, value] of kept) put(name, value);
    tell();
  } else {
    localStorage.removeItem(key);
  }

  form.addEventListener("input", keep);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    keep();
    const body = new FormData(form);
    if (event.submitter && event.submitter.name) body.append(event.submitter.name, event.submitter.value);
    let answer = null;
    try {
      answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    } catch {
      // No network.
    }
    if (!answer || answer.status >= 500) return tell();
    if (!answer.ok) {
      // The server has something to say about it: let it.
      if (event.submitter) {
        const pressed = document.createElement("input");
        pressed.type = "hidden";
        pressed.name = event.submitter.name || "pressed";
        pressed.value = event.submitter.value;
        form.append(pressed);
      }
      return form.submit();
    }
    localStorage.removeItem(key);
    location.assign(answer.url);
  });

  const locate = document.getElementById("locate");
  if (locate && navigator.geolocation) {
    locate.hidden = false;
    locate.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        put("latitude", coords.latitude.toFixed(6));
        put("longitude", coords.longitude.toFixed(6));
        keep();
      });
    });
  }
})();
