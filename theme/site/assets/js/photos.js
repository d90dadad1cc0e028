// Photos for a case, chosen on the reader's device. Each is drawn anew there, and smaller, before it is sent: where it was taken, when, and by
// whose phone stays with the reader. The desk does the same once more (service/desk/photos.py) and knows the same limits.

const MOST = 5;
const MOST_BYTES = 15 * 1024 * 1024;
const MOST_DOTS = 60_000_000;
const LONGEST = 2000;
const KINDS = ["image/jpeg", "image/png", "image/webp"];
const THUMB = 96;

export function choosePhotos(place) {
  const field = place.querySelector("input[type=file]");
  const list = place.querySelector("ul");
  const status = place.querySelector("[role=status]");
  let chosen = [];

  field.addEventListener("change", async () => {
    const files = [...field.files];
    field.value = ""; // the same file may be chosen again after it was taken out
    field.disabled = true;
    const problems = [];
    for (const file of files) problems.push(await add(file));
    field.disabled = chosen.length >= MOST;
    status.textContent = problems.filter(Boolean).join(" ");
    show();
  });

  async function add(file) {
    const why = await looked(file);
    return why && place.dataset[why].replace("{name}", () => `\u2068${file.name}\u2069`); // a name keeps its own direction
  }

  // Returns nothing, or which text says why not.
  async function looked(file) {
    if (chosen.length >= MOST) return "many";
    if (!KINDS.includes(file.type)) return "kind";
    if (file.size > MOST_BYTES) return "large";
    try {
      chosen.push({ name: file.name, ...(await drawn(file)) });
      return "";
    } catch {
      return "kind"; // it calls itself a photo, and is none
    }
  }

  function show() {
    list.replaceChildren(...chosen.map((photo) => item(photo)));
    list.hidden = !chosen.length;
  }

  function item(photo) {
    const line = document.createElement("li");
    const name = document.createElement("bdi");
    const button = document.createElement("button");
    name.textContent = photo.name;
    button.type = "button";
    button.className = "button";
    button.textContent = place.dataset.remove;
    button.setAttribute("aria-label", `${place.dataset.remove}: ${photo.name}`);
    button.addEventListener("click", () => {
      chosen = chosen.filter((one) => one !== photo);
      field.disabled = false;
      status.textContent = "";
      show();
      field.focus();
    });
    line.append(photo.thumb, name, button);
    return line;
  }

  return {
    files: () => chosen.map(({ blob }) => blob),
    names: () => chosen.map(({ name }) => name),
    clear() {
      chosen = [];
      field.disabled = false;
      status.textContent = "";
      show();
    },
  };
}

async function drawn(file) {
  const picture = await createImageBitmap(file); // upright, as its camera was held
  try {
    if (picture.width * picture.height > MOST_DOTS) throw new RangeError("too many dots");
    const whole = fitted(picture, LONGEST);
    const thumb = fitted(picture, THUMB);
    thumb.setAttribute("aria-hidden", "true");
    const blob = await new Promise((done) => whole.toBlob(done, "image/jpeg", 0.85));
    if (!blob) throw new TypeError("not drawn");
    return { blob, thumb };
  } finally {
    picture.close();
  }
}

function fitted(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff"; // what can be seen through becomes paper
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
