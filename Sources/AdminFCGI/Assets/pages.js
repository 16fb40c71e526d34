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
