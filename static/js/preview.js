// Shows the pictures chosen in <input type="file" data-preview>, and makes large ones smaller
// before they are sent: the platform keeps 2048 pixels a side, and a request holds 12 MiB.

const LONGEST_SIDE = 2048;
const SMALL_BYTES = 1024 * 1024;
const QUALITY = 0.9;

for (const input of document.querySelectorAll("input[type=file][data-preview]")) {
  const list = document.createElement("ul");
  list.className = "previews";
  input.after(list);
  input.addEventListener("change", () => show(input, list));
}

async function show(input, list) {
  const chosen = [...input.files];
  list.replaceChildren(...chosen.map(preview));
  const smaller = new DataTransfer();
  for (const file of chosen) smaller.items.add(await shrunk(file));
  const unchanged = chosen.every((file, index) => file === input.files[index]);
  if (unchanged) input.files = smaller.files;
}

function preview(file) {
  const image = document.createElement("img");
  image.alt = file.name;
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  const item = document.createElement("li");
  item.append(image);
  return item;
}

// The server checks every file; what cannot be read here goes to it as it is.
async function shrunk(file) {
  if (file.size <= SMALL_BYTES) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob && blob.size < file.size ? new File([blob], file.name, { type: blob.type }) : file;
}
