// The events of the area as they pass: a stream of server-sent events of each service, read with the county client's token.
const list = document.getElementById("events");
const count = document.getElementById("count");
const trouble = document.getElementById("trouble");
const {area, id, secret, streams} = list.dataset;
const KEPT = 200;
let token = null, seen = 0;

async function signIn() {
  const answer = await fetch("/accounts/oauth/token", {
    method: "POST",
    headers: {Authorization: "Basic " + btoa(`${id}:${secret}`)},
    body: new URLSearchParams({grant_type: "client_credentials"}),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).access_token;
}

function show(text) {
  const event = JSON.parse(text);
  const entry = document.createElement("details");
  const line = document.createElement("summary");
  line.textContent = `${event.time}  ${event.type}  ${event.source} ${event.sequence}  ${event.subject}`;
  const whole = document.createElement("pre");
  entry.addEventListener("toggle", () => { whole.textContent = JSON.stringify(event, null, 2); }, {once: true});
  entry.append(line, whole);
  list.prepend(entry);
  while (list.children.length > KEPT) list.lastElementChild.remove();
  count.textContent = ++seen;
}

// One stream until it ends, which it does every minute; returns the cursor to go on from.
async function read(service, after) {
  const headers = {Accept: "text/event-stream", Authorization: `Bearer ${token}`};
  if (after) headers["Last-Event-ID"] = after;
  const answer = await fetch(`/${service}/v1/events?area=${area}&limit=200`, {headers});
  if (answer.status === 401) token = null;
  if (!answer.ok) throw new Error(`${answer.status}`);
  trouble.textContent = "";
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const {value, done} = await reader.read();
    if (done) return after;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith("data: ")) show(line.slice(6));
      if (line.startsWith("id: ")) after = line.slice(4);
    }
  }
}

async function follow(service) {
  for (let after = ""; ;) {
    try {
      token ??= await signIn();
      after = await read(service, after);
    } catch {
      trouble.textContent = "系统没有应答，两秒后再试";
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

streams.split(" ").forEach(follow);
