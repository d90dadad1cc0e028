// The reader's colours and text size, set before the first paint: this small file is loaded while the page waits for it.
// The web remembers them; a kiosk keeps them for one visit only. Without JavaScript the device's own wishes decide.
(() => {
  const page = document.documentElement;
  const kiosk = page.dataset.surface === "kiosk";
  const KEY = "helpstand-display";
  const CHOICES = {
    theme: kiosk ? ["auto", "contrast", "dark"] : ["auto", "light", "dark", "contrast"],
    size: ["1", "2", "3", "4"],
  };
  let chosen = {};

  function memory() {
    return kiosk ? sessionStorage : localStorage;
  }

  try {
    const kept = JSON.parse(memory().getItem(KEY));
    for (const [name, values] of Object.entries(CHOICES)) {
      if (values.includes(kept?.[name])) chosen[name] = kept[name];
    }
  } catch {
    chosen = {}; // Forbidden or broken memory: the page looks as it does for everybody.
  }

  function value(name) {
    return chosen[name] ?? CHOICES[name][0];
  }

  function apply() {
    for (const name of Object.keys(CHOICES)) {
      if (value(name) === CHOICES[name][0]) delete page.dataset[name];
      else page.dataset[name] = value(name);
    }
  }

  function show() {
    for (const field of document.querySelectorAll("input[data-display]")) {
      field.checked = field.value === value(field.dataset.display);
    }
  }

  function choose(name, wanted) {
    chosen[name] = wanted;
    apply();
    show();
    try {
      memory().setItem(KEY, JSON.stringify(chosen));
    } catch {
      // It stays so on this page.
    }
  }

  function next(button) {
    const name = button.dataset.display;
    const at = (CHOICES[name].indexOf(value(name)) + 1) % CHOICES[name].length;
    choose(name, CHOICES[name][at]);
    const said = document.querySelector("[data-display-said]");
    const words = (button.dataset.displayWords ?? "").split("|");
    if (said) said.textContent = words[at] ?? "";
  }

  page.dataset.script = "on";
  apply();
  document.addEventListener("DOMContentLoaded", show);
  addEventListener("pageshow", show);
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("input[data-display]")) choose(target.dataset.display, target.value);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("button[data-display]");
    if (button) next(button);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
