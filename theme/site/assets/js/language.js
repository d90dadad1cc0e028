// Leads to the reader's language on the web; the kiosk and readers whose language is not here choose themselves.
if (document.documentElement.dataset.surface === "web") {
  const links = [...document.querySelectorAll("a[hreflang]")];
  for (const wanted of navigator.languages ?? []) {
    const link = links.find((a) => a.hreflang === wanted || a.hreflang === wanted.split("-")[0]);
    if (link) {
      location.replace(link.href);
      break;
    }
  }
}
