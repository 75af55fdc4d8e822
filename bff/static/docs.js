// Reads /openapi.json and makes a form for each operation. No library, nothing from elsewhere.
"use strict";

let token = "";
let components = {};

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// A schema with its references followed and "or null" taken away.
function resolve(schema) {
  if (!schema) return {};
  if (schema.$ref) return resolve(components[schema.$ref.split("/").pop()]);
  const choices = schema.anyOf?.filter((choice) => choice.type !== "null");
  return choices ? { ...schema, ...resolve(choices[0]), anyOf: undefined } : schema;
}

// A body to start from: every required field, with a value of its kind.
function sample(schema) {
  const rules = resolve(schema);
  if (rules.default !== undefined) return rules.default;
  if (rules.const !== undefined) return rules.const;
  if (rules.enum) return rules.enum[0];
  switch (rules.type) {
    case "object": {
      const required = (rules.required ?? []).map((name) => [name, sample(rules.properties[name])]);
      return Object.fromEntries(required);
    }
    case "array": return [];
    case "integer": case "number": return 1;
    case "boolean": return false;
    default: return rules.format === "email" ? "name@example.com" : "";
  }
}

function field(name, schema, required, place) {
  const rules = resolve(schema);
  let input;
  if (rules.enum) {
    input = element("select", {}, ...(required ? [] : [element("option", { value: "" })]));
    input.append(...rules.enum.map((value) => element("option", { value, textContent: value })));
  } else {
    input = element("input", { type: rules.format === "binary" ? "file" : "text" });
    if (rules.default !== undefined) input.placeholder = String(rules.default);
  }
  input.name = name;
  input.required = required;
  input.dataset.place = place;
  const caption = element("span", { textContent: name, className: required ? "required" : "" });
  const hint = [rules.description, rules.format, rules.pattern].filter(Boolean).join(" · ");
  return element("label", {}, caption, input, ...(hint ? [element("small", { textContent: hint })] : []));
}

function bodyFields(content) {
  const [type, { schema }] = Object.entries(content)[0];
  if (type === "multipart/form-data") {
    const rules = resolve(schema);
    return Object.entries(rules.properties).map(([name, part]) =>
      field(name, part, rules.required?.includes(name) ?? false, "form"));
  }
  const text = JSON.stringify(sample(schema), null, 2);
  const area = element("textarea", { value: text, rows: Math.min(16, text.split("\n").length + 1) });
  area.dataset.place = "body";
  const names = Object.entries(resolve(schema).properties ?? {}).map(([name]) => name).join(", ");
  return [element("small", { textContent: `Fields: ${names}` }), area];
}

function buildRequest(path, method, form) {
  const query = new URLSearchParams();
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  let body;
  for (const input of form.querySelectorAll("[data-place]")) {
    const { value, name } = input;
    switch (input.dataset.place) {
      case "path": path = path.replace(`{${name}}`, encodeURIComponent(value)); break;
      case "query": if (value) query.set(name, value); break;
      case "header": if (value) headers[name] = value; break;
      case "form": (body ??= new FormData()).set(name, input.type === "file" ? input.files[0] : value); break;
      case "body": headers["Content-Type"] = "application/json"; body = value; break;
    }
  }
  return [query.size ? `${path}?${query}` : path, { method, headers, body }];
}

async function send(path, method, form, shown) {
  const [url, options] = buildRequest(path, method, form);
  shown.replaceChildren(`${method} ${url} …`);
  try {
    const response = await fetch(url, options);
    const text = await response.text();
    const type = response.headers.get("Content-Type") ?? "";
    const pretty = /json/.test(type) && text ? JSON.stringify(JSON.parse(text), null, 2) : text;
    const status = element("strong", {
      textContent: `${response.status} ${response.statusText}`, className: response.ok ? "good" : "bad",
    });
    const notable = ["etag", "idempotency-replayed", "retry-after", "x-request-id"]
      .filter((name) => response.headers.has(name)).map((name) => `${name}: ${response.headers.get(name)}`);
    shown.replaceChildren(status, `\n${notable.join("\n")}\n\n${pretty}`);
  } catch (error) {
    shown.replaceChildren(element("strong", { textContent: String(error), className: "bad" }));
  }
}

function operation(path, method, described) {
  const shown = element("pre", { hidden: true });
  const form = element("form");
  for (const parameter of described.parameters ?? []) {
    form.append(field(parameter.name, { description: parameter.description, ...parameter.schema },
      parameter.required ?? false, parameter.in));
  }
  if (described.requestBody) form.append(...bodyFields(described.requestBody.content));
  form.append(element("p", {}, element("button", { textContent: "Send" })), shown);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    shown.hidden = false;
    send(path, method, form, shown);
  });
  const title = element("summary", {}, element("span", { className: `method ${method}`, textContent: method }),
    element("code", { textContent: path }), ` ${described.summary}`);
  const note = described.description ? [element("p", { textContent: described.description })] : [];
  return element("details", { id: described.operationId }, title, ...note, form);
}

async function login(event) {
  event.preventDefault();
  const who = document.getElementById("who");
  const { email, password } = Object.fromEntries(new FormData(event.target));
  const response = await fetch("/api/auth/login", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email, password }),
  });
  const answer = await response.json();
  token = response.ok ? answer.access_token : "";
  who.textContent = response.ok ? `Logged in as ${email}.` : answer.detail;
  who.className = response.ok ? "good" : "bad";
}

async function start() {
  const description = await (await fetch("/openapi.json")).json();
  components = description.components.schemas;
  document.getElementById("about").textContent = description.info.description;
  document.getElementById("login").addEventListener("submit", login);
  const groups = new Map(description.tags.map(({ name }) => [name, element("section", {},
    element("h2", { textContent: name }))]));
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      groups.get(described.tags[0]).append(operation(path, method.toUpperCase(), described));
    }
  }
  document.getElementById("operations").replaceChildren(...groups.values());
}

start().catch((error) => { document.getElementById("operations").textContent = String(error); });
