// Work that comes again, for the reader's own calendar. The file is made here: no server learns of it, and it works without a network.
// On a kiosk kiosk/reminder.py makes the same event as a code; a test holds the two together.

const RULES = { day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY" };
const MOST_OCTETS = 75;
const EVERY = /^(\d{1,3}) (day|week|month|year)s?$/;

/** Return the first time, counted from a day; the 31st becomes the last day of a shorter month. Days are [year, month, day]. */
export function firstTime([year, month, day], count, unit) {
  if (unit === "day" || unit === "week") {
    const at = new Date(Date.UTC(year, month - 1, day + count * (unit === "week" ? 7 : 1)));
    return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  }
  const months = month - 1 + count * (unit === "year" ? 12 : 1);
  const [inYear, inMonth] = [year + Math.floor(months / 12), (months % 12) + 1];
  return [inYear, inMonth, Math.min(day, new Date(Date.UTC(inYear, inMonth, 0)).getUTCDate())];
}

/** Return the calendar (RFC 5545) with one event that comes again, or null for work that no calendar knows, such as each 200 h. */
export function calendar({ guide, title, address, every }, today) {
  const [, number, unit] = EVERY.exec(every) ?? [];
  if (!unit) return null;
  const count = Number(number);
  const start = digits(firstTime(today, count, unit));
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Helpstand//EN",
    "BEGIN:VEVENT",
    `UID:${escaped(guide)}-${start}@helpstand`,
    `DTSTAMP:${digits(today)}T000000Z`,
    `DTSTART;VALUE=DATE:${start}`,
    `RRULE:FREQ=${RULES[unit]};INTERVAL=${count}`,
    `SUMMARY:${escaped(title)}`,
    ...(address ? [`URL:${address}`] : []),
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function digits([year, month, day]) {
  return `${String(year).padStart(4, "0")}${String(month).padStart(2, "0")}${String(day).padStart(2, "0")}`;
}

function escaped(text) {
  return text.replace(/\\/g, "\\\\").replace(/;/g, "\\;").replace(/,/g, "\\,").replace(/\n/g, " ");
}

function folded(line) {
  const octets = new TextEncoder();
  const parts = [];
  let part = "";
  for (const letter of line) {
    if (octets.encode(part + letter).length > MOST_OCTETS - (parts.length ? 1 : 0)) {
      parts.push(part);
      part = "";
    }
    part += letter;
  }
  return [...parts, part].join("\r\n ");
}

function save(box) {
  const { guide, every } = document.querySelector("article[data-guide]").dataset;
  const now = new Date();
  const address = document.querySelector('link[rel="canonical"]')?.href ?? "";
  const text = calendar({ guide, title: document.title, address, every }, [now.getFullYear(), now.getMonth() + 1, now.getDate()]);
  const name = `${guide.split("/").pop()}.ics`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a phone asks first where it is to go
  box.querySelector("[role=status]").textContent = box.dataset.saved.replace("{file}", name);
}

const box = document.querySelector("[data-remind]");
// A kiosk saves nothing: there its own layer shows the code.
if (box && document.documentElement.dataset.surface !== "kiosk") {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => save(box));
}
