// Forms that a security key answers: <form data-security-key="create"> or "get", with a hidden
// field named "credential". The server's question is in <script id="security-key-options">, and
// allauth's webauthn-json.js turns it, and the answer, into what browsers and servers speak.

const options = document.querySelector("#security-key-options");

for (const form of document.querySelectorAll("form[data-security-key]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}

async function answer(form) {
  show(null);
  try {
    const { creation_options: created, request_options: asked } = JSON.parse(options.textContent);
    const keys = window.webauthnJSON;
    const creates = form.dataset.securityKey === "create";
    const credential = await (creates ? keys.create(created) : keys.get(asked));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit(); // not requestSubmit: that would ask the key again
  } catch (error) {
    show(isUnsupported(error) ? "unsupported" : "refused");
  }
}

// A bare IP address, a page without TLS, or a browser that does not know security keys.
function isUnsupported(error) {
  return !window.PublicKeyCredential || error.name === "SecurityError";
}

function show(failure) {
  for (const notice of document.querySelectorAll("[data-security-key-failure]")) {
    notice.hidden = notice.dataset.securityKeyFailure !== failure;
  }
}
