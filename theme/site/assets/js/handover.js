// Hands over to a person: into the kiosk's outbox; on the web to the shop's desk where one is named (data-desk), with photos; and on a static
// host alone as a mail that the reader sends. The number is made by the kiosk, else here, by the same rule as service/reference.py.
import { call } from "./call.js";
import { lastWay } from "./endings.js";
import { choosePhotos } from "./photos.js";

const ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BY_FLOW = {
  person: ["need"],
  complaint: ["kind", "remedy", "safety_risk"],
  repair: ["serial", "error_code"],
  return: ["reason", "wanted"],
  exchange: ["reason", "wanted"],
  accessory: ["quantity"],
};

export function reference(prefix, random = (bytes) => crypto.getRandomValues(bytes)) {
  const values = [];
  while (values.length < 10) {
    const [byte] = random(new Uint8Array(1));
    if (byte < 248) values.push(byte % 31); // 248 = 8 * 31: every symbol is as likely as the others
  }
  const check = values.reduce((sum, value, place) => sum + (place + 1) * value, 0) % 31;
  const symbols = values.map((value) => ALPHABET[value]).join("");
  return `${prefix}-${symbols.slice(0, 5)}-${symbols.slice(5)}-${ALPHABET[check]}`;
}

// Told to whoever counts: `opened`, `sent`, or `solved` by somebody who found the answer meanwhile.
function tell(step, told = {}) {
  document.dispatchEvent(new CustomEvent("helpstand:handover", { detail: { step, ...told } }));
}

const onKiosk = document.documentElement.dataset.surface === "kiosk";
const desk = onKiosk ? "" : document.documentElement.dataset.desk;
const SECONDS = 180; // of a phone in a cellar that sends five photos
const mailTo = document.querySelector('.contacts a[href^="mailto:"]')?.getAttribute("href");
let photos = null; // only where a desk takes them
let number = ""; // of the case that is being filled in: sent twice it is the same one

const place = document.querySelector("[data-handover]");
if (place) start(place);

async function start(place) {
  const form = place.querySelector("form");
  const open = onKiosk ? (await ask("/api/case"))?.open === true : Boolean(desk);
  if (!open && (onKiosk || !mailTo)) return; // nothing that the form could lead to: the page above says where people are
  form.querySelector("[data-kept]").hidden = !(open && onKiosk);
  form.querySelector("[data-posted]").hidden = !desk;
  form.querySelector("[data-mailed]").hidden = open;
  if (!open) form.querySelector("[data-send]").textContent = place.dataset.mail;
  const chooser = form.querySelector("[data-photos]");
  if (chooser && desk) photos = choosePhotos(chooser);
  else chooser?.remove();
  // Who is at home cannot be met in the shop now: they have the phone numbers above, and are answered here like everybody.
  if (desk) form.querySelector("[data-anchor=person]").closest("label").remove();
  const wanted = desk && location.hash === "#person" ? "other" : location.hash.slice(1);
  for (const flow of form.elements.flow) flow.checked = flow.dataset.anchor === wanted;
  const opened = once(() => tell("opened"));
  form.addEventListener("change", () => {
    show(form);
    if (form.elements.flow.value) opened();
  });
  form.querySelector("[data-solved]").addEventListener("click", () => solved(place, form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (desk) post(place, form);
    else if (open) keep(place, form);
    else write(place, form);
  });
  form.querySelector("[data-instead]").addEventListener("click", () => write(place, form));
  place.querySelector("[data-again]").addEventListener("click", () => again(place, form));
  show(form);
  place.hidden = false;
  document.querySelector(".desk")?.remove(); // the form says the same, and does it
  // Who stands in the shop needs no address of it first; whoever wants somebody now finds the bell above the form.
  if (open && onKiosk) (document.querySelector("[data-call]") ?? document.querySelector("h1 + .lead"))?.after(place);
  if (form.elements.flow.value) {
    place.scrollIntoView();
    opened();
  }
}

function once(does) {
  let done = false;
  return () => {
    if (!done) does();
    done = true;
  };
}

function solved(place, form) {
  tell("solved");
  form.hidden = true;
  const thanks = place.querySelector(".solved");
  thanks.hidden = false;
  thanks.focus();
}

function show(form) {
  const flow = form.elements.flow.value;
  const how = form.elements.how.value;
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !flow || !part.dataset.for.split(" ").includes(flow);
  for (const part of form.querySelectorAll("[data-how]")) part.hidden = !part.dataset.how.split(" ").includes(how);
}

function filled(form) {
  const flow = form.elements.flow.value;
  const details = { flow };
  for (const name of BY_FLOW[flow] ?? []) {
    const field = form.elements[name];
    details[name] = field.type === "checkbox" ? field.checked : field.type === "number" ? field.valueAsNumber || 0 : field.value;
  }
  const from = cameFrom();
  const quiet = flow === "person" || flow === "idea";
  const how = quiet ? "none" : form.elements.how.value;
  const told = how === "mail" || how === "phone";
  const reply = { how, address: told ? form.elements.address.value : "", name: told ? form.elements.name.value : "" };
  return { details, words: flow === "person" ? "" : form.elements.words.value, reply, language: document.documentElement.dataset.lang, ...from };
}

// The page that the reader came from; nothing of it is kept but its name.
function cameFrom() {
  const found = /^\/(?:[^/]+\/)*?([a-z]{2})\/((?:[\w-]+\/)*[\w-]+)\.html$/.exec(document.referrer && new URL(document.referrer).pathname);
  const way = lastWay();
  const tried = (way?.answers ?? []).slice(-40).map(({ question, answer }) => ({ page: way.tree, asked: question.slice(0, 254), answered: answer.slice(0, 254) }));
  const page = found && document.referrer.startsWith(location.origin) ? found[2] : "";
  return { page, product: page.includes("/") && !["shop", "policies"].includes(page.split("/")[0]) ? page.split("/")[0] : "", tried };
}

async function keep(place, form) {
  const button = form.querySelector("[data-send]");
  if (missing(place, form)) return;
  button.disabled = true;
  const receipt = await ask("/api/case", filled(form));
  button.disabled = false;
  if (receipt?.reference) {
    tell("sent", { page: cameFrom().page, product: cameFrom().product });
    done(place, form, receipt);
    if (receipt.flow === "person") call(form.elements.need.value);
  } else fail(place, form, receipt?.error === "form" ? place.dataset.failedForm : place.dataset.failedKept);
}

// To the desk: anything may break on the way, so the number stays the same until it is there, and a mail can take its place.
async function post(place, form) {
  const button = form.querySelector("[data-send]");
  if (missing(place, form)) return;
  button.disabled = true;
  place.setAttribute("aria-busy", "true");
  const answer = (await posted(form)) ?? (await posted(form)); // the number may be another one's: then a new one is taken, once
  place.removeAttribute("aria-busy");
  button.disabled = false;
  if (answer?.receipt) {
    tell("sent", { page: cameFrom().page, product: cameFrom().product });
    done(place, form, { ...answer.receipt, photos: answer.photos, missed: answer.left_out });
    return;
  }
  const wrong = answer?.status === 400;
  fail(place, form, wrong ? place.dataset.failedForm : place.dataset.failedWeb);
  form.querySelector("[data-instead]").hidden = wrong || !mailTo;
}

async function posted(form) {
  number ||= reference("HS");
  const body = new FormData();
  body.append("case", JSON.stringify({ ...filled(form), reference: number }));
  for (const [place, photo] of photos.files().entries()) body.append("photos", photo, `photo-${place + 1}.jpg`);
  const quietly = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", redirect: "error" };
  const end = { signal: AbortSignal.timeout(SECONDS * 1000) };
  const answer = await fetch(`${desk}/api/v1/cases`, { method: "POST", body, ...quietly, ...end }).catch(() => null);
  if (answer?.status === 409) {
    number = "";
    return null;
  }
  return answer?.status === 201 ? answer.json().catch(() => ({})) : { status: answer?.status };
}

function write(place, form) {
  const told = filled(form);
  number ||= reference("HS");
  const chosen = Object.entries({ ...told.details, ...told.reply, page: told.page, language: told.language }).filter(([, value]) => value !== "");
  const lines = [told.words, "", ...chosen.map(([name, value]) => `${name}: ${value}`)];
  location.href = `${mailTo}?subject=${encodeURIComponent(`[${number}] ${told.details.flow}`)}&body=${encodeURIComponent(lines.join("\n"))}`;
  done(place, form, { reference: number });
}

// An answer was asked for, and nobody says where to.
function missing(place, form) {
  const field = form.elements.address;
  const empty = field.offsetParent !== null && !field.value.trim();
  field.setAttribute("aria-invalid", String(empty));
  if (empty) {
    fail(place, form, place.dataset.failedForm);
    field.focus();
  }
  return empty;
}

function fail(place, form, words) {
  const told = form.querySelector(".failed");
  told.textContent = words;
  told.hidden = false;
}

function done(place, form, receipt) {
  const end = place.querySelector(".receipt");
  end.querySelector("[data-reference]").textContent = receipt.reference;
  const lang = document.documentElement.lang.replace(/^en$/, "en-GB"); // 20:00, as everywhere on the site
  const shown = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: receipt.zone, numberingSystem: "latn" };
  const when = receipt.answer_by && new Intl.DateTimeFormat(lang, shown).format(new Date(receipt.answer_by));
  end.querySelector("[data-by]").textContent = when ? place.dataset.answerBy.replace("{when}", when) : place.dataset.thanks;
  const code = end.querySelector("[data-code]");
  code.hidden = !receipt.accepted_at || !onKiosk;
  if (!code.hidden) code.src = `/api/case/${receipt.reference}/qr.svg`;
  end.querySelector("[data-photos-told]").textContent = photosTold(place, receipt);
  // A mail is with us only when it was sent.
  for (const part of end.querySelectorAll("h3, [data-by]")) part.hidden = !receipt.accepted_at;
  form.hidden = true;
  end.hidden = false;
  end.focus();
  place.scrollIntoView();
}

function photosTold(place, { accepted_at: kept, photos: arrived = 0, missed = [] }) {
  if (!photos?.files().length) return "";
  const names = photos.names();
  if (!kept) return place.dataset.photosMail; // a mail that the reader sends: only they can put photos into it
  const told = arrived ? [place.dataset.photosSent.replace("{n}", arrived)] : [];
  if (missed.length) told.push(place.dataset.photosMissed.replace("{names}", () => missed.map((one) => `\u2068${names[one - 1]}\u2069`).join(", ")));
  return told.join(" ");
}

function again(place, form) {
  form.reset();
  photos?.clear();
  number = "";
  form.querySelector(".failed").hidden = true;
  form.querySelector("[data-instead]").hidden = true;
  form.hidden = false;
  place.querySelector(".receipt").hidden = true;
  show(form);
}

async function ask(address, body) {
  const told = body && { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer = await fetch(address, told).catch(() => null);
  return answer && answer.json().catch(() => null);
}
