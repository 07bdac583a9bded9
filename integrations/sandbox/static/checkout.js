// Stripe's checkout page in small.

import { attempt, post } from "./api.js";

const page = document.querySelector("[data-link]");
const said = page.querySelector(".said");

function close(text) {
  said.textContent = text;
  said.hidden = false;
  for (const button of page.querySelectorAll("button")) button.disabled = true;
}

if (page.dataset.state === "inactive") close("This link was paid or is no longer in use.");
for (const button of page.querySelectorAll("button")) {
  button.addEventListener("click", async () => {
    const event = button.dataset.event;
    const done = await attempt(() => post("/pay", { payment_link_id: page.dataset.link, event }));
    if (done && event === "paid") close("Paid. Thank you.");
    else if (done) { said.textContent = "The card was declined. You can try again."; said.hidden = false; }
  });
}
