"""How the documentation page looks and what its forms do."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--line:#8884;--tint:#8881}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1 small{font-weight:400;opacity:.6}nav{display:flex;flex-wrap:wrap;gap:.8rem}
details{border:1px solid var(--line);border-radius:.4rem;margin:.5rem 0;
padding:.4rem .8rem}summary{cursor:pointer}
summary b{display:inline-block;min-width:4rem}.get{color:#2a7}.post{color:#37c}
.patch{color:#b70}form{display:grid;gap:.6rem;background:var(--tint);padding:.8rem}
label{display:grid;gap:.2rem}input,textarea{font:inherit;padding:.3rem;width:100%;
box-sizing:border-box}textarea,code,pre{font-family:ui-monospace,monospace}
#key{width:20rem;display:inline-block}header label{display:inline}
button{justify-self:start;padding:.4rem 1rem}
pre{overflow:auto;max-height:30rem;border:1px solid var(--line);padding:.6rem}
table{border-collapse:collapse}td{border-top:1px solid var(--line);padding:.3rem .8rem}
"""

SCRIPT = """
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, out = form.querySelector("pre"), query = [];
  let path = form.dataset.path;
  const headers = {}, key = document.getElementById("key").value;
  if (key) headers.authorization = "Bearer " + key;
  for (const field of form.querySelectorAll("input[data-in]")) {
    if (!field.value) continue;
    const value = encodeURIComponent(field.value);
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, value);
    else if (field.dataset.in === "header") headers[field.name] = field.value;
    else query.push(field.name + "=" + value);
  }
  const body = form.querySelector("textarea");
  if (body) headers["content-type"] = body.dataset.type;
  out.hidden = false;
  try {
    const answer = await fetch(path + (query.length ? "?" + query.join("&") : ""), {
      method: form.dataset.method, headers, body: body ? body.value : undefined });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { }
    const told = [...answer.headers].map((pair) => pair.join(": ")).join("\\n");
    out.textContent = answer.status + "\\n" + told + "\\n\\n" + shown;
  } catch (problem) { out.textContent = String(problem); }
});
"""
