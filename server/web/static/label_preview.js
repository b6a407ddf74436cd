// Keeps the picture of a label true to its form while that is filled in. Without it the button below the picture does.
"use strict";
(() => {
  const form = document.querySelector("form[data-trial]");
  const place = document.getElementById("trial");
  if (!form || !place) return;
  const pause = 200; // ms without a further tap or key
  let timer = 0;
  let asking = null;

  const address = () => {
    const fields = new FormData(form);
    for (const hidden of form.querySelectorAll("input[type=hidden]")) fields.delete(hidden.name);
    // A page that was asked for in another language than the reader's stays in it.
    fields.set("lang", document.documentElement.lang);
    return `${form.dataset.trial}?${new URLSearchParams(fields)}`;
  };

  const loaded = async (picture, signal) => {
    signal.addEventListener("abort", () => picture.removeAttribute("src"));
    await picture.decode();
  };

  // The last good picture stays, faded, while a choice is impossible.
  const keepPicture = (next) => {
    const last = place.querySelector("[data-picture] img");
    if (!last) return;
    last.classList.add("stale");
    next.querySelector("[data-picture]").append(last);
  };

  const show = async (signal) => {
    const answer = await fetch(address(), { signal, credentials: "same-origin", redirect: "error" });
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!parsed.querySelector("[data-picture]")) throw new Error("this is no trial");
    const next = document.importNode(parsed.body, true);
    const picture = next.querySelector("[data-picture] img");
    if (picture) await loaded(picture, signal);
    else keepPicture(next);
    if (!signal.aborted) place.replaceChildren(...next.childNodes);
  };

  const ask = async () => {
    if (asking) asking.abort();
    const mine = new AbortController();
    asking = mine;
    place.setAttribute("aria-busy", "true");
    try {
      await show(mine.signal);
    } catch {
      const lost = place.querySelector("[data-lost]");
      if (!mine.signal.aborted && lost) lost.hidden = false;
    }
    if (asking !== mine) return;
    asking = null; // what is shown is not to be called off
    place.removeAttribute("aria-busy");
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  };

  for (const button of form.querySelectorAll("button[value=preview]")) button.remove();
  form.addEventListener("input", later);
  // A browser that goes back fills in what was typed before.
  addEventListener("pageshow", (event) => {
    if (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") later();
  });
})();
