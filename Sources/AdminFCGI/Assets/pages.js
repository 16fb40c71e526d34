"use strict";
// Every page works without this file. It spares a click or two where there is a script.

// A large task goes on by itself while the page is open.
for (const form of document.querySelectorAll("form[data-go-on]")) {
    setTimeout(() => form.requestSubmit(), 300);
}

// A command can be copied.
for (const text of document.querySelectorAll("pre[data-copy]")) {
    if (!navigator.clipboard) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
    });
    text.after(button);
}

// All events on a page can be chosen at once.
for (const line of document.querySelectorAll("[data-choose-all]")) {
    const boxes = line.closest("form").querySelectorAll("td input[type=checkbox]");
    line.hidden = boxes.length < 2;
    line.querySelector("input").addEventListener("change", (event) => {
        for (const box of boxes) box.checked = event.target.checked;
    });
}

// Figures are asked for anew twice a minute while somebody looks at them. Where the focus stands nothing is taken from under it.
const fresh = document.querySelectorAll("[data-refresh]");
async function refresh() {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of fresh) {
        const next = page.getElementById(part.id);
        if (next && !part.contains(document.activeElement)) part.replaceChildren(...next.childNodes);
    }
}
if (fresh.length > 1) setInterval(() => refresh().catch(() => {}), 30_000);
