// What came, on the standard input as [{headers, body, secrets}]: each is verified with each of its secrets, with none other, and
// with nothing altered; and it is a CloudEvent.
import { readFileSync } from "node:fs";
import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";

const other = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

function refuses(what, verify) {
  try {
    verify();
  } catch {
    return;
  }
  throw new Error(`it took ${what}`);
}

let rotated = 0;
const types = new Set();
const given = JSON.parse(readFileSync(0, "utf8"));
for (const { headers, body, secrets } of given) {
  for (const secret of secrets) {
    const webhook = new Webhook(secret);
    webhook.verify(body, headers);
    refuses("another body", () => webhook.verify(body.replace("1.0", "1.1"), headers));
    refuses("another id", () => webhook.verify(body, { ...headers, "webhook-id": "x" }));
    refuses("another time", () => webhook.verify(body, { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) }));
  }
  refuses("another secret", () => new Webhook(other).verify(body, headers));
  rotated += secrets.length > 1 ? 1 : 0;
  const event = HTTP.toEvent({ headers, body });
  event.validate();
  if (event.id !== headers["webhook-id"]) throw new Error("its id is not the webhook's");
  types.add(event.type);
}
console.log(JSON.stringify({ deliveries: given.length, rotated, types: [...types].sort() }));
