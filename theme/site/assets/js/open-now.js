// Says whether a shop is open now, by the shop's own clock, and marks today's hours. Without JavaScript the hours stand there alone.

const WAIT = 30000;

function shopTime(zone, now) {
  const form = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", weekday: "long", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
  const part = Object.fromEntries(form.formatToParts(now).map(({ type, value }) => [type, value]));
  return { weekday: part.weekday.toLowerCase(), date: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` };
}

// The next days, beginning with today, each with its hours: when does the door open again?
function opensNext({ zone, week, holidays }) {
  for (let days = 0; days < 8; days += 1) {
    const then = new Date(Date.now() + days * 86_400_000);
    const { weekday, date, time } = shopTime(zone, then);
    const span = (holidays[date] ?? week[weekday] ?? []).find((one) => days > 0 || one.slice(0, 5) > time);
    const lang = document.documentElement.lang || "en";
    if (span) return { day: new Intl.DateTimeFormat(lang, { weekday: "long", timeZone: zone }).format(then), time: span.slice(0, 5) };
  }
  return undefined;
}

function show(place) {
  const hours = JSON.parse(place.dataset.hours);
  const { zone, week, holidays } = hours;
  const { weekday, date, time } = shopTime(zone, new Date());
  const spans = holidays[date] ?? week[weekday] ?? [];
  const open = spans.some((span) => span.slice(0, 5) <= time && time < span.slice(6));
  const said = place.querySelector("[data-open]");
  const next = open ? undefined : opensNext(hours);
  const closed = next ? said.dataset.opens.replace("{day}", next.day).replace("{time}", next.time) : said.dataset.closed;
  const text = open ? said.dataset.open : closed;
  if (said.textContent !== text) said.textContent = text;
  said.classList.toggle("is-open", open);
  said.hidden = false;
  for (const row of place.querySelectorAll("[data-day]")) {
    row.toggleAttribute("aria-current", false);
    if (row.dataset.day === (date in holidays ? date : weekday)) row.setAttribute("aria-current", "date");
    if (/^\d/.test(row.dataset.day)) row.hidden = row.dataset.day < date; // A holiday that is over is of no use.
  }
}

for (const place of document.querySelectorAll("[data-hours]")) {
  show(place);
  setInterval(() => show(place), WAIT);
}
